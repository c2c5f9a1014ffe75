package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.forward.ChannelUnavailableException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Whether users and services have different principals. With Kafka's own principal builder, a user whose token has the name of a
 * service as its subject is that service. Once it is true for all brokers it is not checked again: a restart of a broker with
 * another configuration is the operator's.
 */
final class PrincipalCheck {

    /** From the module kafka-principal. */
    private static final String BUILDER = "dev.ncwrelay.kafka.principal.ClientPrincipalBuilder";

    private final ClientKafkaSettings settings;
    private volatile boolean isChecked;

    PrincipalCheck(ClientKafkaSettings settings) {
        this.settings = settings;
        this.isChecked = settings.separatePrincipals();
    }

    /** @throws ChannelUnavailableException unless every broker keeps them apart */
    void require(Admin admin) {
        if (isChecked) {
            return;
        }
        var listener = Objects.requireNonNull(settings.clientListener());
        var setting = "listener.name." + listener.toLowerCase(Locale.ROOT) + ".principal.builder.class";
        var brokers = ClientCluster.done(admin.describeCluster().nodes()).stream()
                .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
                .toList();
        var configs = ClientCluster.done(admin.describeConfigs(brokers).all());
        var wrong = brokers.stream()
                .filter(broker -> !isSet(configs.get(broker), setting))
                .map(ConfigResource::name)
                .toList();
        if (!wrong.isEmpty()) {
            throw new ChannelUnavailableException(refusal(setting, wrong));
        }
        isChecked = true;
    }

    private static boolean isSet(@Nullable Config config, String setting) {
        var entry = config == null ? null : config.get(setting);
        return entry != null && BUILDER.equals(entry.value());
    }

    private static String refusal(String setting, List<String> brokers) {
        return "users could log in to Kafka under the name of a service: " + setting + " is not " + BUILDER
                + " on the brokers " + String.join(", ", brokers)
                + "; set it, or relay.channel.kafka.separate-principals if something else keeps them apart";
    }
}
