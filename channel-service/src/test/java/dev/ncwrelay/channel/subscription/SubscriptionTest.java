package dev.ncwrelay.channel.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionTest {

    @Test
    void text_hasNoSettings() {
        var device = new RegisteredDevice("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 1, -1, null);

        var subscription = new Subscription(
                new ChannelKey("device", "fcm", "name"), "id", 1, 0, device, Map.of("token", "secret-token"));

        assertThat(subscription).asString().contains("device", "name").doesNotContain("secret-token");
    }
}
