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

/** Redrives dead letters to their original topic. The dead letters stay until they expire. */
@Command(
        name = "redrive",
        description = "Sends records back to their original topic and partition.",
        mixinStandardHelpOptions = true)
final class DltRedriveCommand implements Callable<Integer> {

    private final PrintWriter out;

    @ParentCommand
    private DltCommand dlt = new DltCommand();

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "<id>", arity = "0..*", description = "as printed by list")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--topic", description = "instead of ids: all dead letters of this topic")
    private @Nullable String topic;

    @Option(names = "--since", defaultValue = "30d", description = "with --topic: age (90m, 12h, 7d) or timestamp")
    private String since = "";

    @Option(names = "--reason", defaultValue = "", description = "with --topic: only those whose reason contains this")
    private String reason = "";

    @Option(names = "--again", description = "also dead letters that were already redriven")
    private boolean again;

    @Option(names = "--yes", description = "apply; without it a dry run")
    private boolean yes;

    DltRedriveCommand(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        if (spec != null && ids.isEmpty() == (topic == null)) {
            throw new ParameterException(spec.commandLine(), "either ids or --topic must be given");
        }
        var deadLetters = dlt.deadLetters();
        int left = 0;
        for (var letter : letters(deadLetters)) {
            left += redrive(deadLetters, letter) ? 0 : 1;
        }
        if (!yes) {
            out.println("Dry run, nothing was changed. Add --yes to apply.");
        }
        return left == 0 ? 0 : 1;
    }

    /** Returns false when the dead letter cannot be redriven. */
    private boolean redrive(DeadLetterTopics deadLetters, DeadLetter letter) {
        if (letter.origin().isEmpty()) {
            out.println(letter.at() + "  cannot be redriven: it was never on a topic. Its sender must send it again.");
            return false;
        }
        var origin = letter.origin().get();
        if (!letter.isWhole()) {
            out.println(letter.at() + "  cannot be redriven: its value is left out. The original is at " + origin
                    + " until it expires.");
            return false;
        }
        var before = deadLetters.findRedriven(letter);
        if (before.isPresent() && !again) {
            out.println(letter.at() + "  was already redriven as " + before.get()
                    + ". Use --again to redrive it once more.");
            return true;
        }
        if (origin.topic().equals(Topics.RPC_REQUESTS.name())) {
            out.println(letter.at()
                    + "  is a request: after its deadline it gets the reply EXPIRED and is not sent to Fireblocks.");
        }
        out.println(
                yes
                        ? letter.at() + "  redriven as " + deadLetters.redrive(letter)
                        : letter.at() + "  would be redriven to " + origin.topic() + ", partition "
                                + origin.partition());
        return true;
    }

    private List<DeadLetter> letters(DeadLetterTopics deadLetters) {
        var letters = new ArrayList<DeadLetter>();
        if (topic == null) {
            ids.forEach(id -> letters.add(DltCommand.letter(deadLetters, id)));
            return letters;
        }
        deadLetters.read(List.of(topic), DltCommand.since(since, Instant.now()), letter -> {
            if (letter.reason().contains(reason)) {
                letters.add(letter);
            }
        });
        return letters;
    }
}
