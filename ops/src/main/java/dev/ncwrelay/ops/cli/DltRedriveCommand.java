package dev.ncwrelay.ops.cli;

import dev.ncwrelay.ops.deadletter.DeadLetter;
import dev.ncwrelay.ops.deadletter.DeadLetterTopics;
import dev.ncwrelay.schemas.Topics;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Puts dead letters back where they came from. They stay among the dead letters too, until Kafka lets them go. */
@Command(
        name = "redrive",
        description = "Puts records back into the topic and partition they came from.",
        mixinStandardHelpOptions = true)
public final class DltRedriveCommand implements Callable<Integer> {

    private final PrintWriter out;

    @ParentCommand
    private DltCommand dlt = new DltCommand();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "<id>", arity = "0..*", description = "as list prints them")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--topic", description = "instead of ids: all letters of this dead-letter topic")
    private @Nullable String topic;

    @Option(names = "--since", defaultValue = "30d", description = "with --topic: 90m, 12h, 7d or a time")
    private String since = "";

    @Option(names = "--reason", defaultValue = "", description = "with --topic: only those whose reason contains this")
    private String reason = "";

    @Option(names = "--again", description = "also what was put back before")
    private boolean again;

    @Option(names = "--yes", description = "do it; without this it is only said what would be done")
    private boolean yes;

    public DltRedriveCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (spec != null && ids.isEmpty() == (topic == null)) {
            throw new ParameterException(spec.commandLine(), "either ids or --topic is expected");
        }
        var box = dlt.box();
        int left = 0;
        for (var letter : letters(box)) {
            left += redrive(box, letter) ? 0 : 1;
        }
        if (!yes) {
            out.println("Nothing was changed. With --yes it is done.");
        }
        return left == 0 ? 0 : 1;
    }

    /** Returns false when the letter stays where it is though it was asked for. */
    private boolean redrive(DeadLetterTopics box, DeadLetter letter) {
        if (letter.origin().isEmpty()) {
            out.println(letter.at() + "  cannot be put back: it never was on a topic. Let its sender send it again.");
            return false;
        }
        var origin = letter.origin().get();
        if (!letter.isWhole()) {
            out.println(letter.at() + "  cannot be put back: its value is left out. It lies at " + origin
                    + " as long as Kafka keeps it.");
            return false;
        }
        var before = box.findRedriven(letter);
        if (before.isPresent() && !again) {
            out.println(letter.at() + "  was put back before, as " + before.get() + ". --again does it once more.");
            return true;
        }
        if (origin.topic().equals(Topics.RPC_REQUESTS.name())) {
            out.println(letter.at() + "  is a request: past its deadline it is answered EXPIRED and not called.");
        }
        out.println(
                yes
                        ? letter.at() + "  put back as " + box.redrive(letter)
                        : letter.at() + "  would be put back into " + origin.topic() + ", partition "
                                + origin.partition());
        return true;
    }

    private List<DeadLetter> letters(DeadLetterTopics box) {
        var letters = new ArrayList<DeadLetter>();
        if (topic == null) {
            ids.forEach(id -> letters.add(DltCommand.letter(box, id)));
            return letters;
        }
        box.read(List.of(topic), DltCommand.since(since, Instant.now()), letter -> {
            if (letter.reason().contains(reason)) {
                letters.add(letter);
            }
        });
        return letters;
    }
}
