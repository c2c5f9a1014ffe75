package dev.ncwrelay.delivery.channel.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.devices.RegisteredDevice;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RabbitMqKindTest {

    private final RabbitMqKind kind =
            new RabbitMqKind(new RabbitMqSettings(URI.create("amqps://mq.example:5671/relay")));

    @Test
    void kind_withoutAnAddress_namesTheSetting() {
        assertThat(new RabbitMqKind(new RabbitMqSettings(null)).unavailable())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("relay.delivery.channel.rabbitmq.url")
                        .contains("RELAY_DELIVERY_CHANNEL_RABBITMQ_URL"));
        assertThat(kind.unavailable()).isEmpty();
    }

    @Test
    void body_mustBeEmpty() {
        assertThat(kind.settings(Map.of())).isEqualTo(ChannelSettings.none());
        assertThatThrownBy(() -> kind.settings(Map.of("queue", "other")))
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refused -> assertThat(refused.failure())
                                .isEqualTo(new Failure.InvalidRequest(
                                        "no body or {} is expected: a subscription to rabbitmq has no settings")));
    }

    @Test
    void connection_isToTheQueueOfTheSubscription() {
        var now = Instant.parse("2026-01-02T03:04:05Z");
        var device = new RegisteredDevice("device-1", "wallet", "user-1", null, now, now, 1, -1, null);

        var subscription =
                new ChannelSubscription("device-1", "rabbitmq", "", "subscription-1", 1L, 7, 0L, now, Map.of());

        assertThat(kind.connection(device, subscription))
                .isEqualTo(new RabbitMqKind.RabbitMqConnection(
                        "amqps://mq.example:5671/relay",
                        "ncw.device.device-1.subscription-1",
                        "ncw.devices",
                        "device-1.subscription-1",
                        "user-1",
                        "access_token"));
    }
}
