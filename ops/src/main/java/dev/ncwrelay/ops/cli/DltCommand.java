package dev.ncwrelay.ops.cli;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.ops.deadletter.DeadLetter;
import dev.ncwrelay.ops.deadletter.DeadLetterTopics;
import dev.ncwrelay.ops.deadletter.RecordCoordinates;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The dead letters of the local stack or any other Kafka cluster. */
@Command(
        name = "dlt",
        description = "Lists, shows and redrives dead letters.",
        synopsisSubcommandLabel = "list|show|redrive",
        mixinStandardHelpOptions = true)
final class DltCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private KafkaOptions kafkaOptions = new KafkaOptions();

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "list, show or redrive is expected");
        }
    }

    DeadLetterTopics deadLetters() {
        return new DeadLetterTopics(KafkaConnection.to(kafkaOptions.bootstrapServers(), 1, kafkaOptions.properties()));
    }

    /** A time in the past, as an age (90m, 12h, 7d) or as a timestamp (RFC 3339). */
    static Instant since(String text, Instant now) {
        try {
            if (text.matches("\\d+d")) {
                return now.minus(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))));
            }
            return text.matches("\\d+[hms]")
                    ? now.minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)))
                    : Instant.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new NoSuchElementException("--since must be 90m, 12h, 7d or 2026-01-31T12:00:00Z, not " + text, e);
        }
    }

    static DeadLetter letter(DeadLetterTopics deadLetters, String id) {
        return RecordCoordinates.parse(id)
                .flatMap(deadLetters::find)
                .orElseThrow(() -> new NoSuchElementException("no dead letter " + id + "; ./relay dlt list lists all"));
    }

    static List<String> topics(DeadLetterTopics deadLetters, @Nullable String topic) {
        return topic == null ? deadLetters.topics() : List.of(topic);
    }

    static void line(PrintWriter out, DeadLetter letter) {
        out.printf(
                Locale.ROOT,
                "%-34s %s  from %-28s key %-38s %7d bytes  %s%n",
                letter.at(),
                letter.writtenAt(),
                letter.origin().map(RecordCoordinates::toString).orElse("no topic"),
                letter.key() == null ? "-" : letter.key(),
                letter.size(),
                letter.reason());
    }
}
