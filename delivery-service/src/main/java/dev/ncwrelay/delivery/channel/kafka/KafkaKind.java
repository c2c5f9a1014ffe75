package dev.ncwrelay.delivery.channel.kafka;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kafka.KafkaKindSettings.Security;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ClientTopic;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A topic of its own for each subscription. A subscription has no settings. */
record KafkaKind(KafkaKindSettings kafka) implements ChannelKind {

    /**
     * How a client connects.
     *
     * @param topic has one partition
     * @param groupPrefix what the name of a consumer group begins with; others are refused
     * @param saslMechanism null where clients do not log in
     * @param tokenSource what the client logs in with: {@code access_token}, the token that it has for this service; null
     *     where clients do not log in
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record KafkaTopic(
            String bootstrapServers,
            String topic,
            String groupPrefix,
            String securityProtocol,
            @Nullable String saslMechanism,
            @Nullable String tokenSource) {}

    @Override
    public String name() {
        return "kafka";
    }

    @Override
    public Optional<String> unavailable() {
        return kafka.bootstrapServers().isEmpty()
                ? Optional.of("channels of the kind kafka are not configured: the operator must set "
                        + KafkaKindSettings.SERVERS)
                : Optional.empty();
    }

    @Override
    public ChannelSettings settings(Map<String, Object> body) {
        if (!body.isEmpty()) {
            throw new Failure.InvalidRequest("no body or {} is expected: a subscription to kafka has no settings")
                    .exception();
        }
        return ChannelSettings.none();
    }

    @Override
    public OptionalInt limit() {
        return OptionalInt.of(kafka.maxTopics());
    }

    @Override
    public KafkaTopic connection(RegisteredDevice device, ChannelSubscription subscription) {
        var topic = new ClientTopic(device.deviceId(), subscription.getSubscriptionId());
        boolean login = kafka.securityProtocol() == Security.SASL_SSL;
        return new KafkaTopic(
                String.join(",", kafka.bootstrapServers()),
                topic.name(),
                topic.groupPrefix(),
                kafka.securityProtocol().name(),
                login ? "OAUTHBEARER" : null,
                login ? "access_token" : null);
    }
}
