package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.channel.wake.PushOutcome;
import dev.ncwrelay.channel.wake.WakeUp;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.schemas.FcmChannel;
import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.time.MutableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The fake with a push service for it, and messages. One serves the tests of a class, and each finds it as new. */
final class FcmFixture implements AfterEachCallback, AfterAllCallback {

    static final CursorCodec CURSORS =
            new CursorCodec(List.of(SigningKey.parse(Base64.getEncoder().encodeToString(new byte[32]))));
    static final PushOutcome ACCEPTED = new PushOutcome.Accepted();

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    static final FcmMessage MESSAGES = new FcmMessage(CURSORS, Duration.ofHours(1), new MutableClock(NOW));

    private final FakeFcm fcm = FakeFcm.start();
    private final FcmPushService service = service(fcm.credentials());

    FakeFcm fcm() {
        return fcm;
    }

    /** One with the right credentials. */
    FcmPushService service() {
        return service;
    }

    FcmPushService service(String credentials) {
        return service(credentials, FakeFcm.PROJECT);
    }

    FcmPushService service(String credentials, String project) {
        return service(credentials, project, new FcmTransport(fcm.url()));
    }

    FcmPushService service(String credentials, String project, FcmTransport transport) {
        try {
            var file = Files.createTempFile("credentials", ".json");
            try {
                Files.writeString(file, credentials);
                return new FcmPushService(transport, FcmCredentials.load(file, transport), project, MESSAGES);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        fcm.recover();
        fcm.forget();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        service.close();
        fcm.close();
    }

    static List<WakeUp> wakeUps(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> wakeUp("token-" + i, true))
                .toList();
    }

    static WakeUp wakeUp(String token, boolean urgent) {
        var device = new RegisteredDevice("device", "wallet", "user", null, NOW, NOW, 1, -1, null);
        var subscription = new Subscription(
                new ChannelKey("device", "fcm", token), "id", 1, 0, device, Map.of(FcmChannel.TOKEN, token));
        return new WakeUp(subscription, new Cursor(1, 1, 0, 42), urgent);
    }

    static void assertNamesTheSetting(String reason) {
        assertThat(reason).contains("relay.channel.fcm.credentials-file");
    }
}
