package dev.ncwrelay.channel.wake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenTest {

    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final RegisteredDevice DEVICE =
            new RegisteredDevice("device", "wallet", "user", null, T, T, 1, -1, null);

    /** As {@code ConsumerName.receives} of delivery-service decides for a poll, and the token's own installation in addition. */
    @ParameterizedTest
    @CsvSource({
        // consumer, installation of the token, installation of the event
        ",,,true",
        ",,p-2,true",
        ",p-1,,true",
        ",p-2,p-2,true",
        ",p-1,p-2,false",
        "p-1,,,true",
        "p-2,,p-2,true",
        "p-1,,p-2,false",
        "p-2,p-2,p-2,true",
        "p-1,p-2,p-2,false",
        "phone,p-2,p-2,false",
        "phone,p-2,,true"
    })
    void token_awaitsWhatItsConsumerReceives(
            @Nullable String consumer, @Nullable String own, @Nullable String ofEvent, boolean awaits) {
        var settings = new HashMap<String, String>();
        if (consumer != null) {
            settings.put("consumer", consumer);
        }
        if (own != null) {
            settings.put("physicalDeviceId", own);
        }
        var subscription = new Subscription(new ChannelKey("device", "fcm", "token"), "id", 1, 0, DEVICE, settings);

        assertThat(new Token(subscription, AckedOffsets.NONE).awaits(new PendingEvent(10, 10, T, true, ofEvent)))
                .isEqualTo(awaits);
    }
}
