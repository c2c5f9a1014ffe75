package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * The settings that every broker of the clients' cluster must have.
 *
 * <ol>
 *   <li>Users and services have different principals. With Kafka's own principal builder, a user whose token has the name of
 *       a service as its subject is that service.
 *   <li>Topics are not created by being used: a producer would create again what was deleted.
 * </ol>
 *
 * <p>Once all have them they are not checked again: a later change of a broker is not noticed.
 */
final class BrokerCheck {

    /** From the module kafka-principal. */
    private static final String BUILDER = "dev.ncwrelay.kafka.principal.ClientPrincipalBuilder";

    private final Map<String, Requirement> requirements;
    private volatile boolean isDone;

    private record Requirement(String value, String reason) {}

    private BrokerCheck(Map<String, Requirement> requirements) {
        this.requirements = requirements;
    }

    static BrokerCheck of(ClientKafkaSettings settings) {
        var created = new Requirement("false", "a topic that is deleted would be created again");
        var listener = settings.clientListener();
        if (!settings.acls() || settings.separatePrincipals() || listener == null) {
            return new BrokerCheck(Map.of("auto.create.topics.enable", created));
        }
        var principals = new Requirement(
                BUILDER,
                "users could log in to Kafka under the name of a service; relay.channel.kafka.separate-principals says that"
                        + " something else keeps them apart");
        return new BrokerCheck(Map.of(
                "auto.create.topics.enable",
                created,
                "listener.name." + listener.toLowerCase(Locale.ROOT) + ".principal.builder.class",
                principals));
    }

    /** @throws ChannelUnavailableException unless every broker has the settings */
    void require(Admin admin) {
        if (isDone) {
            return;
        }
        var brokers = ClientCluster.done(admin.describeCluster().nodes()).stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .toList();
        var configs = ClientCluster.done(admin.describeConfigs(brokers).all());
        requirements.forEach((setting, requirement) -> {
            var wrong = brokers.stream()
                    .filter(broker -> !requirement.value().equals(value(configs.get(broker), setting)))
                    .map(ConfigResource::name)
                    .toList();
            if (!wrong.isEmpty()) {
                throw new ChannelUnavailableException(refusal(setting, requirement, wrong));
            }
        });
        isDone = true;
    }

    private static @Nullable String value(@Nullable Config config, String setting) {
        var entry = config == null ? null : config.get(setting);
        return entry == null ? null : entry.value();
    }

    private static String refusal(String setting, Requirement requirement, List<String> brokers) {
        return "Kafka for clients: " + setting + " must be " + requirement.value() + ", and is not on the brokers "
                + String.join(", ", brokers) + ": " + requirement.reason();
    }
}
