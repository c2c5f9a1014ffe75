package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.consume.ReadEvents;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.cursor.SigningKeys;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
@Tag("brokers")
class KafkaChannelTest {

    /** The instance that has the partition now says what is wrong with it. */
    @Test
    void topicThatMayNotBeWritten_isAFailure_untilItsSubscriptionIsAnotherInstances() {
        try (var fireblocks = FakeFireblocks.start();
                var secured = SecuredKafka.start(fireblocks.oidc())) {
            // Given
            var kafka = secured.connection(Listener.CLIENT, fireblocks.oidc().tokenFor("nobody"));
            try (var cluster = new ClientCluster(kafka, ClientSenderTest.settings(kafka));
                    var producer = new ClientProducer(kafka, "test")) {
                var channel = new KafkaChannel(
                        cluster,
                        new ClientSender(cluster, producer, Clock.systemUTC()),
                        new ClientMessage(new CursorCodec(keys())));
                var message = message();

                // When
                var outcomes = channel.send(List.of(message));

                // Then
                assertThat(outcomes).singleElement().isInstanceOf(SendOutcome.Refused.class);
                assertThat(channel.failure()).isPresent();
                channel.forget(message.subscription());
                assertThat(channel.failure()).isEmpty();
            }
        }
    }

    private static List<SigningKey> keys() {
        return SigningKeys.load("test", List.of(Base64.getEncoder().encodeToString(new byte[32])), null);
    }

    private static Message message() {
        var device = new RegisteredDevice("device", "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 1, -1, null);
        var key = new ChannelKey("device", KafkaChannel.KIND, "");
        var subscription = new Subscription(key, "id", 1, 0, device, Map.of());
        return new Message(subscription, ReadEvents.of(0, "event", "device"), new Cursor(1, 1, 0, 0));
    }
}
