package dev.ncwrelay.channel.rabbitmq;

import static java.util.concurrent.CompletableFuture.supplyAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
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

    /** Otherwise some could not be sent, of devices whose queues are all well. */
    @Test
    void messagesOfManyThreads_areNeverMoreThanTheConnectionHasChannelsFor() {
        // Given
        var patient = channel(broker, connections, Duration.ofMinutes(1));
        broker.slow = true;

        // When
        var rounds = IntStream.range(0, 8)
                .mapToObj(thread ->
                        supplyAsync(() -> patient.send(messages("thread-" + thread, 500)), RabbitChannelTest::start))
                .toList();

        // Then
        assertThat(rounds)
                .allSatisfy(round -> assertThat(round)
                        .succeedsWithin(Duration.ofMinutes(1))
                        .asInstanceOf(InstanceOfAssertFactories.LIST)
                        .hasSize(500)
                        .containsOnly(new SendOutcome.Accepted()));
        assertThat(broker.mostOnTheirWay).hasValueBetween(500, 2_047 / 2);
    }

    @Test
    void messagesThatAreConfirmed_letOthersBeSent_whileTheirRoundWaitsForTheLast() {
        // Given
        var patient = channel(broker, connections, Duration.ofMinutes(1));
        broker.silent.add("silent");
        var round = new ArrayList<>(messages("confirmed", 500));
        round.addFirst(message("silent"));
        var waiting = supplyAsync(() -> patient.send(round), RabbitChannelTest::start);
        await().until(() -> broker.sent.get() == round.size());

        // When
        var outcomes = patient.send(messages("others", 600));

        // Then
        assertThat(outcomes).containsOnly(new SendOutcome.Accepted());
        assertThat(waiting).isNotDone();
        connections.unconfirmed.forEach(each -> each.getFuture().complete(new CorrelationData.Confirm(true, null)));
        assertThat(waiting)
                .succeedsWithin(Duration.ofMinutes(1))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsOnly(new SendOutcome.Accepted());
    }

    static RabbitChannel channel(RabbitTemplate template, CachingConnectionFactory connections) {
        return channel(template, connections, Duration.ofSeconds(1));
    }

    static RabbitChannel channel(RabbitTemplate template, CachingConnectionFactory connections, Duration timeout) {
        var keys = SigningKeys.load("test", List.of(Base64.getEncoder().encodeToString(new byte[32])), null);
        var settings =
                new RabbitSettings(true, "group", 1, Duration.ofDays(7), Duration.ofDays(30), 10_000, true, timeout);
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

    static List<Message> messages(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> message(prefix + "-" + i))
                .toList();
    }

    private static void start(Runnable task) {
        var _ = Thread.ofVirtual().start(task);
    }

    /** Never has a connection. A reset fails what is not confirmed, as Spring does. */
    private static final class Connections extends CachingConnectionFactory {

        private final Queue<CorrelationData> unconfirmed = new ConcurrentLinkedQueue<>();
        private int resets;

        @Override
        public void resetConnection() {
            resets++;
            unconfirmed.forEach(
                    each -> each.getFuture().complete(new CorrelationData.Confirm(false, "connection closed")));
        }
    }

    /** Confirms at once, or a little later, but for some queues. */
    private static final class Broker extends RabbitTemplate {

        private final Connections connections;
        private final Set<String> silent = ConcurrentHashMap.newKeySet();
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger onTheirWay = new AtomicInteger();
        private final AtomicInteger mostOnTheirWay = new AtomicInteger();
        private volatile boolean confirmsNothing;
        private volatile boolean slow;

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
            sent.incrementAndGet();
            if (isSilent) {
                connections.unconfirmed.add(correlation);
            } else if (slow) {
                mostOnTheirWay.accumulateAndGet(onTheirWay.incrementAndGet(), Math::max);
                CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(() -> {
                    onTheirWay.decrementAndGet();
                    correlation.getFuture().complete(new CorrelationData.Confirm(true, null));
                });
            } else {
                correlation.getFuture().complete(new CorrelationData.Confirm(true, null));
            }
        }
    }
}
