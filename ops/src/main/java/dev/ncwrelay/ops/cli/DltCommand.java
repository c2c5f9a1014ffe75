package dev.ncwrelay.ops.cli;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.ops.deadletter.DeadLetter;
import dev.ncwrelay.ops.deadletter.DeadLetterTopics;
import dev.ncwrelay.ops.deadletter.RecordCoordinates;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The operator's view of the dead letters, on the local stack or any other Kafka. */
@Command(
        name = "dlt",
        description = "Lists, shows and puts back records that could not be read.",
        synopsisSubcommandLabel = "list|show|redrive",
        mixinStandardHelpOptions = true)
public final class DltCommand implements Runnable {

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--bootstrap-servers",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:RELAY_KAFKA_BOOTSTRAP_SERVERS:-127.0.0.1:9092}",
            description = "Kafka's addresses (RELAY_KAFKA_BOOTSTRAP_SERVERS); default ${DEFAULT-VALUE}")
    private String bootstrapServers = "";

    @Option(
            names = "--config",
            scope = ScopeType.INHERIT,
            paramLabel = "<file>",
            description = "properties for the Kafka clients: TLS, SASL")
    private @Nullable Path config;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "list, show or redrive is expected");
        }
    }

    DeadLetterTopics box() {
        return new DeadLetterTopics(new KafkaConnection(bootstrapServers, 1, properties()));
    }

    private Map<String, String> properties() {
        if (config == null) {
            return Map.of();
        }
        var file = new Properties();
        try (var reader = Files.newBufferedReader(config)) {
            file.load(reader);
        } catch (IOException e) {
            throw new NoSuchElementException("--config names " + config + ", which cannot be read", e);
        }
        var properties = new HashMap<String, String>();
        file.stringPropertyNames().forEach(name -> properties.put(name, file.getProperty(name)));
        return properties;
    }

    /** A time in the past: how long ago (90m, 12h, 7d), or when (RFC 3339). */
    static Instant since(String text, Instant now) {
        try {
            if (text.matches("\\d+d")) {
                return now.minus(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))));
            }
            return text.matches("\\d+[hms]")
                    ? now.minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)))
                    : Instant.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new NoSuchElementException(
                    "--since is expected as 90m, 12h, 7d or 2026-01-31T12:00:00Z, not " + text, e);
        }
    }

    static DeadLetter letter(DeadLetterTopics box, String id) {
        return RecordCoordinates.parse(id)
                .flatMap(box::find)
                .orElseThrow(() -> new NoSuchElementException(
                        "there is no dead letter " + id + "; ./relay dlt list shows what there is"));
    }

    static List<String> topics(DeadLetterTopics box, @Nullable String topic) {
        return topic == null ? box.topics() : List.of(topic);
    }

    static void line(PrintWriter out, DeadLetter letter) {
        out.printf(
                Locale.ROOT,
                "%-34s %s  from %-28s key %-38s %7d bytes  %s%n",
                letter.at(),
                letter.setAsideAt(),
                letter.origin().map(RecordCoordinates::toString).orElse("no topic"),
                letter.key() == null ? "-" : letter.key(),
                letter.size(),
                letter.reason());
    }
}
