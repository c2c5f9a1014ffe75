package dev.ncwrelay.kafka.connection;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;

/** What Kafka's clients say of their settings, told by names: a value may be a secret in the wrong place. */
public final class ClientSettingsCheck {

    private static final Pattern NAME = Pattern.compile("configuration '?\"?([a-z][a-z0-9._]*)");

    private ClientSettingsCheck() {}

    /** Which of the settings no client can be made with, as a text for people; empty when all are possible. */
    public static Optional<String> invalidSetting(KafkaConnection kafka) {
        try {
            var _ = new ProducerConfig(kafka.producer("settings"));
            var _ = new ConsumerConfig(kafka.consumer("settings"));
            var _ = new AdminClientConfig(kafka.admin("settings"));
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(text(e));
        }
    }

    /** Whether a client could not be made because no bootstrap server's name resolves, which may pass. */
    public static Optional<String> unresolved(Throwable failure, KafkaConnection kafka) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException
                    && String.valueOf(cause.getMessage()).contains("No resolvable")) {
                return Optional.of(
                        "Kafka: no name of relay.kafka.bootstrap-servers resolves: " + kafka.bootstrapServers());
            }
        }
        return Optional.empty();
    }

    private static String text(ConfigException e) {
        var names = NAME.matcher(String.valueOf(e.getMessage())).results().toList();
        return names.isEmpty()
                ? "relay.kafka.properties has a value that Kafka's clients refuse"
                : "Kafka's clients refuse the value of relay.kafka.properties."
                        + names.getLast().group(1);
    }
}
