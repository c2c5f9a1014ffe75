package dev.ncwrelay.kafka.connection;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;

/** Validates client settings; reports names only, because values may be secret. */
public final class ClientSettingsCheck {

    private static final Pattern NAME = Pattern.compile("[Cc]onfiguration '?\"?([a-z][a-z0-9._]*)");

    private static final int MAX_PORT = 65_535;

    private ClientSettingsCheck() {}

    /** The setting that no client accepts, human-readable; empty when all are valid. */
    public static Optional<String> invalidSetting(KafkaConnection kafka) {
        try {
            var clients = List.of(
                    new ProducerConfig(kafka.producer("settings")),
                    new ConsumerConfig(kafka.consumer("settings")),
                    new AdminClientConfig(kafka.admin("settings")));
            return invalidAddress(clients);
        } catch (ConfigException e) {
            return Optional.of(text(e));
        }
    }

    /** Kafka's own check also fails for names that do not resolve, which may be temporary: here it is the form alone. */
    private static Optional<String> invalidAddress(List<? extends AbstractConfig> clients) {
        return clients.stream()
                        .flatMap(client -> client.getList(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG).stream())
                        .allMatch(ClientSettingsCheck::isAddress)
                ? Optional.empty()
                : Optional.of("spring.kafka: invalid value of the client setting bootstrap.servers: addresses such as"
                        + " kafka-1.example:9092, separated by commas, are expected");
    }

    private static boolean isAddress(String address) {
        try {
            var port = Utils.getPort(address);
            return port != null && port <= MAX_PORT;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Why no client could be created, if it is that no bootstrap server's name resolves, which may be temporary; else empty. */
    public static Optional<String> unresolved(Throwable failure, KafkaConnection kafka) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException
                    && String.valueOf(cause.getMessage()).contains("No resolvable")) {
                return Optional.of(
                        "Kafka: no name of spring.kafka.bootstrap-servers resolves: " + kafka.bootstrapServers());
            }
        }
        return Optional.empty();
    }

    private static String text(ConfigException e) {
        var names = NAME.matcher(String.valueOf(e.getMessage())).results().toList();
        return "spring.kafka: invalid value of "
                + (names.isEmpty()
                        ? "a client setting"
                        : "the client setting " + names.getLast().group(1));
    }
}
