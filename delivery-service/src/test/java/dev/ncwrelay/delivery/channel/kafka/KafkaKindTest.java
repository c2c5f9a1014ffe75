package dev.ncwrelay.delivery.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kafka.KafkaKindSettings.Security;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class KafkaKindTest {

    private static final RegisteredDevice DEVICE =
            new RegisteredDevice("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 0, -1, null);

    private static final ChannelSubscription SUBSCRIPTION =
            new ChannelSubscription("device", "kafka", "", "subscription", 0L, 0, 0L, Instant.EPOCH, Map.of());

    @Test
    void connection_toABrokerWithoutUsers_namesNoLogin() {
        var kind = new KafkaKind(new KafkaKindSettings(List.of("kafka:9092"), 1, Security.PLAINTEXT));

        var connection = JsonMapper.shared().valueToTree(kind.connection(DEVICE, SUBSCRIPTION));

        assertThat(connection.path("securityProtocol").asString()).isEqualTo("PLAINTEXT");
        assertThat(connection.propertyNames())
                .containsExactlyInAnyOrder("bootstrapServers", "topic", "groupPrefix", "securityProtocol");
    }
}
