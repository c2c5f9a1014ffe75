package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.AuthenticationFailureException;
import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The service with a real RabbitMQ, which asks it about its users. */
@Tag("kafka")
@Tag("brokers")
class RabbitFlowTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String USER = "alice";
    private static final int MAX_LENGTH = 40;

    private static FakeFireblocks fireblocks;
    private static int port;
    private static LocalRabbitMq rabbit;
    private static RunningChannel service;
    private static KafkaDevices kafka;

    @BeforeAll
    static void start() {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        fireblocks = FakeFireblocks.start();
        port = FreePort.next();
        rabbit = LocalRabbitMq.start(URI.create("http://127.0.0.1:" + port + "/rabbitmq/auth/"));
        kafka = new KafkaDevices();
        service = startService();
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
            kafka.close();
            rabbit.close();
            fireblocks.close();
        }
    }

    private static RunningChannel startService() {
        return RunningChannel.start(
                fireblocks,
                rabbit,
                port,
                "--relay.channel.rabbitmq.max-length=" + MAX_LENGTH,
                // With more, one may still say what another waits for.
                "--relay.channel.rabbitmq.threads=1");
    }

    @Test
    @Tag("fixtures")
    void event_isInTheQueueOfItsDevice_withItsDataVerbatim() throws Exception {
        var device = subscribed();

        var published = kafka.publish(device, "event-1", "{\"id\": \"ü\"}").join();

        try (var client = connect(USER).consume(kafka.queue(device))) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(client.received()).hasSize(1));
            var message = client.received().getFirst();
            assertThat(message.body()).isEqualTo("{\"id\": \"ü\"}");
            assertThat(message.properties().getMessageId()).isEqualTo("event-1");
            assertThat(message.properties().getType()).isEqualTo("transaction.status.updated");
            assertThat(message.properties().getTimestamp()).isEqualTo("1970-01-01T00:00:00Z");
            assertThat(message.properties().getHeaders().get("walletId")).hasToString("wallet-" + device);
            assertThat(message.properties().getHeaders().get("traceparent")).hasToString("00-trace");
            var cursors = new CursorCodec(List.of(SigningKey.parse(RunningChannel.CURSOR_KEY)));
            var cursor = String.valueOf(message.properties().getHeaders().get("cursor"));
            assertThat(cursors.decode(device, cursor))
                    .isEqualTo(new CursorCheck.Valid(
                            new Cursor(kafka.generation(), 1, published.partition(), published.offset())));
        }
    }

    @Test
    void eventsAfterASubscription_areNotMissed_thoseBeforeAreNotSent() throws Exception {
        var device = kafka.register(USER);
        kafka.publish(device, "before", "{}").join();
        kafka.subscribe(device, 1);
        kafka.publish(device, "after", "{}").join();

        awaitState(device, "active");

        try (var client = connect(USER).consume(kafka.queue(device))) {
            await().atMost(SOON).untilAsserted(() -> assertThat(client.ids()).containsExactly("after"));
        }
    }

    @Test
    void thousandEvents_ofFiftyDevices_keepTheOrderOfEach() throws Exception {
        var devices = Stream.generate(RabbitFlowTest::subscribed).limit(50).toList();

        var published = publish(devices, 20);

        assertReceived(published);
    }

    @Test
    @Tag("fixtures")
    void user_readsOwnQueuesAlone_andDoesNothingElse() throws Exception {
        var device = subscribed();

        assertThatThrownBy(() -> RabbitClient.connect(rabbit, USER, "no token"))
                .isInstanceOf(AuthenticationFailureException.class);
        assertThatThrownBy(() ->
                        RabbitClient.connect(rabbit, "bob", fireblocks.oidc().token(USER)))
                .isInstanceOf(AuthenticationFailureException.class);
        assertThatThrownBy(() -> RabbitClient.connect(
                        rabbit,
                        USER,
                        fireblocks.oidc().tokenFor(USER).audience("other").issue()))
                .isInstanceOf(AuthenticationFailureException.class);
        assertRefused("bob", client -> client.consume(kafka.queue(device)));
        assertRefused(USER, client -> client.channel().queueDeclare("mine", false, false, true, Map.of()));
        assertRefused(USER, client -> client.channel().queueDelete(kafka.queue(device)));
        assertRefused(USER, client -> {
            client.channel()
                    .basicPublish(
                            "ncw.devices", kafka.queue(device).substring("ncw.device.".length()), null, new byte[0]);
            // The refusal follows later.
            client.channel().basicQos(1);
            client.channel().messageCount(kafka.queue(device));
        });
        // The administrator of RabbitMQ has a password there, and no token makes a user of that name the administrator.
        assertRefused(RabbitMqNode.USER, client -> client.channel().queueDeclare("mine", false, false, true, Map.of()));
    }

    @Test
    void fullQueue_holdsBackItsDeviceAlone_untilItIsRead() throws Exception {
        var full = subscribed();
        var other = subscribed();
        var published = publish(List.of(full), 2 * MAX_LENGTH);

        awaitState(full, "held");
        assertThat(kafka.state(full).orElseThrow().getReason()).contains("rejects");
        assertReceived(publish(List.of(other), 3));

        assertReceived(published);
        awaitState(full, "active");
    }

    @Test
    void removedQueue_breaksTheSubscription_andANewOneResumes() throws Exception {
        var device = subscribed();
        try (var administrator = connectAdministrator()) {
            administrator.channel().queueDelete(kafka.queue(device));
        }
        kafka.publish(device, "missed", "{}").join();

        awaitState(device, "broken");
        kafka.subscribe(device, 1, kafka.state(device).orElseThrow().getResumeFrom());

        try (var client = awaitQueue(device).consume(kafka.queue(device))) {
            await().atMost(SOON).untilAsserted(() -> assertThat(client.ids()).containsExactly("missed"));
        }
    }

    @Test
    void endOfTheSubscription_orOfTheOwnership_removesTheQueue() throws Exception {
        var ended = subscribed();
        var sold = subscribed();
        kafka.publish(sold, "of the former owner", "{}").join();

        kafka.unsubscribe(ended);
        kafka.register(sold, "bob", 2, kafka.end(sold));

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(kafka.state(ended)).isEmpty();
            assertThat(kafka.state(sold)).isEmpty();
        });
        assertRefused(USER, client -> client.consume(kafka.queue(ended)));
        assertRefused(USER, client -> client.consume(kafka.queue(sold)));
        var formerQueue = kafka.queue(sold);
        kafka.subscribe(sold, 2);
        assertRefused("bob", client -> client.consume(formerQueue));
        kafka.publish(sold, "of the new owner", "{}").join();
        awaitState(sold, "active");
        try (var client = connect("bob").consume(kafka.queue(sold))) {
            await().atMost(SOON).untilAsserted(() -> assertThat(client.ids()).containsExactly("of the new owner"));
        }
    }

    @Test
    void subscriptionWithAnotherKey_isIgnored_andStopsNothing() {
        var device = kafka.register(USER);
        kafka.subscribeWithAnotherKey(device);

        kafka.subscribe(device, 1);

        awaitState(device, "active");
        assertThat(service.management("/actuator/prometheus"))
                .contains("relay_dead_letters_total{result=\"dead_lettered\",topic=\"ncw.device.channels.dlt\"}");
    }

    @Test
    void stateFromAnInstanceThatHasLostThePartition_isReplaced() {
        var device = subscribed();
        var active = kafka.state(device).orElseThrow();

        kafka.overwrite(ChannelState.newBuilder(active)
                .setState("broken")
                .setWriter("another instance")
                .build());

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kafka.state(device)).hasValueSatisfying(state -> {
                    assertThat(state.getState()).isEqualTo("active");
                    assertThat(state.getWriter()).isEqualTo(active.getWriter());
                }));
    }

    @Test
    void queue_isReadByStompOverWebSocket_byItsUserAlone() throws Exception {
        var device = subscribed();
        kafka.publish(device, "event-1", "{\"id\": \"ü\"}").join();

        try (var stranger = stompClient("bob").consume(kafka.queue(device))) {
            await().atMost(SOON).until(stranger::isRefused);
            assertThat(stranger.frames()).noneMatch(frame -> frame.startsWith("MESSAGE"));
        }
        try (var browser = stompClient(USER).consume(kafka.queue(device))) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(browser.frames())
                            .anySatisfy(frame -> assertThat(frame)
                                    .startsWith("MESSAGE")
                                    .contains("message-id:", "cursor:", "walletId:wallet-" + device)
                                    .endsWith("{\"id\": \"ü\"}")));
        }
    }

    @Test
    void alarm_holdsEverythingBack_andNothingIsLost() throws Exception {
        var devices = Stream.generate(RabbitFlowTest::subscribed).limit(5).toList();
        var published = new HashMap<>(publish(devices, 3));
        rabbit.setAlarm(true);
        try {
            // The alarm is in force seconds later, and the broker tells a connection of it when that publishes next.
            await().atMost(SOON).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
                merge(published, publish(devices, 1));
                assertThat(service.management("/actuator/health/readiness"))
                        .contains("DEGRADED", "RabbitMQ accepts nothing");
            });
        } finally {
            rabbit.setAlarm(false);
        }
        service.awaitReady();

        assertReceived(published);
    }

    @Test
    void fullQueue_isFilledAgain_alsoAfterTheBrokerWasAway() throws Exception {
        var device = subscribed();
        var published = publish(List.of(device), 2 * MAX_LENGTH);
        awaitState(device, "held");
        rabbit.stop();
        try {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                            .contains("DEGRADED", "Connection refused"));
        } finally {
            rabbit.restart();
        }

        assertReceived(published);
    }

    @Test
    void killedBroker_andRestartedService_loseNothing() throws Exception {
        var devices = Stream.generate(RabbitFlowTest::subscribed).limit(20).toList();

        var published = new HashMap<>(publish(devices, 10));
        rabbit.kill();
        try {
            merge(published, publish(devices, 10));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                            .contains("DEGRADED", "Connection refused"));
            await().atMost(SOON).untilAsserted(() -> assertThat(lag()).isGreaterThanOrEqualTo(200));
            service.close();
            merge(published, publish(devices, 10));
        } finally {
            rabbit.restart();
        }
        service = startService();

        assertReceived(published);
        await().atMost(SOON).untilAsserted(() -> assertThat(lag()).isZero());
    }

    /** Events that are not forwarded yet, as the metrics say. */
    private static double lag() {
        return service.management("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("relay_channel_lag_records{kind=\"rabbitmq\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                .sum();
    }

    private static StompClient stompClient(String user) {
        return new StompClient(rabbit, user, fireblocks.oidc().tokenFor(user).issue());
    }

    /** A client app. */
    private interface Use {
        void apply(RabbitClient client) throws Exception;
    }

    private static void assertRefused(String user, Use use) throws Exception {
        try (var client = connect(user)) {
            assertThatIOException().isThrownBy(() -> use.apply(client)).withStackTraceContaining("ACCESS_REFUSED");
        }
    }

    private static RabbitClient connect(String user) throws Exception {
        return RabbitClient.connect(rabbit, user, fireblocks.oidc().token(user));
    }

    private static RabbitClient connectAdministrator() throws Exception {
        return RabbitClient.connect(rabbit, RabbitMqNode.USER, RabbitMqNode.PASSWORD);
    }

    /** A client that connects when the device's queue is there. */
    private static RabbitClient awaitQueue(String device) throws Exception {
        awaitState(device, "active");
        return connect(USER);
    }

    private static String subscribed() {
        var device = kafka.register(USER);
        kafka.subscribe(device, 1);
        awaitState(device, "active");
        return device;
    }

    private static void awaitState(String device, String expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kafka.state(device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo(expected)));
    }

    /** Publishes this many events of each device, and returns their ids by device. */
    private static Map<String, List<String>> publish(List<String> devices, int count) {
        var ids = new LinkedHashMap<String, List<String>>();
        devices.forEach(device -> ids.put(device, new ArrayList<>()));
        var sent = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < count; i++) {
            ids.forEach((device, published) -> {
                var id = "event-" + System.nanoTime();
                published.add(id);
                sent.add(kafka.publish(device, id, "{}"));
            });
        }
        assertThat(sent).allSatisfy(event -> assertThat(event).succeedsWithin(SOON));
        return ids;
    }

    private static void merge(Map<String, List<String>> all, Map<String, List<String>> more) {
        more.forEach((device, ids) -> all.merge(
                device,
                ids,
                (first, second) ->
                        Stream.concat(first.stream(), second.stream()).toList()));
    }

    private static void assertReceived(Map<String, List<String>> published) throws Exception {
        for (var entry : published.entrySet()) {
            try (var client = connect(USER).consume(kafka.queue(entry.getKey()))) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(client.ids()).isEqualTo(entry.getValue()));
            }
        }
    }
}
