package dev.ncwrelay.channel.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.ReadEvents;
import dev.ncwrelay.channel.forward.Message;
import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKeys;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitAdmin;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** What becomes of a round of which RabbitMQ does not confirm all; on a real broker, every queue confirms or none. */
class RabbitChannelTest {

    private final Connections connections = new Connections();
    private final Broker broker = new Broker(connections);
    private final RabbitChannel channel = channel(broker, connections);

    @AfterEach
    void stop() {
        connections.destroy();
    }

    @Test
    void messageThatIsNotConfirmed_isRefused_andThoseThatAreKeepTheirOutcome() {
        broker.silent.addAll(Set.of("b", "d"));

        var outcomes = channel.send(List.of(message("a"), message("b"), message("c"), message("d")));

        assertThat(outcomes)
                .containsExactly(
                        new SendOutcome.Accepted(),
                        new SendOutcome.Refused("RabbitMQ did not confirm it within 1 s"),
                        new SendOutcome.Accepted(),
                        new SendOutcome.Refused("RabbitMQ did not confirm it within 1 s"));
        assertThat(connections.resets).isZero();
    }

    @Test
    void messageThatIsNotConfirmed_alone_isRefused_whileTheBrokerConfirmsOthers() {
        broker.silent.add("a");

        assertThat(channel.send(List.of(message("a"))))
                .containsExactly(new SendOutcome.Refused("RabbitMQ did not confirm it within 1 s"));
        assertThat(connections.resets).isZero();
    }

    @Test
    void brokerThatConfirmsNothing_isUnavailable_onAConnectionThatIsResetOnce() {
        broker.confirmsNothing = true;

        assertThatThrownBy(() -> channel.send(List.of(message("a"), message("b"))))
                .isInstanceOf(ChannelUnavailableException.class)
                .hasMessage("RabbitMQ did not confirm a message within 1 s");
        assertThat(connections.resets).isEqualTo(1);
    }

    /** Spring keeps a channel of the connection for each. */
    @Test
    void messagesThatAreNeverConfirmed_doNotUseUpTheChannelsOfTheConnection() {
        var devices = IntStream.range(0, 600).mapToObj(i -> "device-" + i).toList();
        broker.silent.addAll(devices.subList(1, devices.size()));

        var outcomes =
                channel.send(devices.stream().map(RabbitChannelTest::message).toList());

        assertThat(outcomes.getFirst()).isEqualTo(new SendOutcome.Accepted());
        assertThat(outcomes.subList(1, outcomes.size()))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(SendOutcome.Refused.class));
        assertThat(connections.resets).isEqualTo(1);
    }

    static RabbitChannel channel(RabbitTemplate template, CachingConnectionFactory connections) {
        var keys = SigningKeys.load("test", List.of(Base64.getEncoder().encodeToString(new byte[32])), null);
        var settings = new RabbitSettings(
                true, "group", 1, Duration.ofDays(7), Duration.ofDays(30), 10_000, true, Duration.ofSeconds(1));
        return new RabbitChannel(
                template,
                new RabbitAdmin(connections),
                connections,
                new BlockedConnections(),
                new CursorCodec(keys),
                settings);
    }

    /** The id of its event is that of its device. */
    static Message message(String deviceId) {
        var event = ReadEvents.of(0, deviceId, deviceId);
        var device = new RegisteredDevice(deviceId, "wallet", "user", null, Instant.EPOCH, Instant.EPOCH, 1, -1, null);
        var subscription =
                new Subscription(new ChannelKey(deviceId, RabbitChannel.KIND, ""), "id", 1, 0, device, Map.of());
        return new Message(subscription, event, new Cursor(1, 1, 0, 0));
    }

    /** Never has a connection. A reset fails what is not confirmed, as Spring does. */
    private static final class Connections extends CachingConnectionFactory {

        private final List<CorrelationData> unconfirmed = new ArrayList<>();
        private int resets;

        @Override
        public void resetConnection() {
            resets++;
            unconfirmed.forEach(
                    each -> each.getFuture().complete(new CorrelationData.Confirm(false, "connection closed")));
        }
    }

    /** Confirms at once, but for some queues. */
    private static final class Broker extends RabbitTemplate {

        private final Connections connections;
        private final Set<String> silent = new HashSet<>();
        private boolean confirmsNothing;

        private Broker(Connections connections) {
            this.connections = connections;
        }

        @Override
        public void send(
                @Nullable String exchange,
                @Nullable String routingKey,
                org.springframework.amqp.core.Message message,
                @Nullable CorrelationData correlation) {
            var id = message.getMessageProperties().getMessageId();
            boolean isSilent = confirmsNothing || (id != null && silent.contains(id));
            if (correlation == null) {
                return;
            }
            if (isSilent) {
                connections.unconfirmed.add(correlation);
            } else {
                correlation.getFuture().complete(new CorrelationData.Confirm(true, null));
            }
        }
    }
}
