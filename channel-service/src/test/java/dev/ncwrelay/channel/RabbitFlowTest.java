package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AuthenticationFailureException;
import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.cursor.Cursor;
import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKey;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The service with a real RabbitMQ, which asks it about its users. */
@Tag("kafka")
@Tag("brokers")
class RabbitFlowTest {

    private static final Duration SOON = RabbitFixture.SOON;
    private static final String USER = RabbitFixture.USER;
    private static final int MAX_LENGTH = RabbitFixture.MAX_LENGTH;

    @RegisterExtension
    private static final RabbitFixture RABBIT = new RabbitFixture();

    @Test
    @Tag("fixtures")
    void event_isInTheQueueOfItsDevice_withItsDataVerbatim() throws Exception {
        var device = RABBIT.subscribed();

        var published =
                RABBIT.kafka().publish(device, "event-1", "{\"id\": \"ü\"}").join();

        try (var client = RABBIT.connect(USER).consume(RABBIT.kafka().queue(device))) {
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
                            new Cursor(RABBIT.kafka().generation(), 1, published.partition(), published.offset())));
        }
    }

    @Test
    void eventsAfterASubscription_areNotMissed_thoseBeforeAreNotSent() throws Exception {
        var device = RABBIT.kafka().register(USER);
        RABBIT.kafka().publish(device, "before", "{}").join();
        RABBIT.kafka().subscribe(device, 1);
        RABBIT.kafka().publish(device, "after", "{}").join();

        RABBIT.awaitState(device, "active");

        try (var client = RABBIT.connect(USER).consume(RABBIT.kafka().queue(device))) {
            await().atMost(SOON).untilAsserted(() -> assertThat(client.ids()).containsExactly("after"));
        }
    }

    @Test
    void thousandEvents_ofFiftyDevices_keepTheOrderOfEach() throws Exception {
        var devices = Stream.generate(RABBIT::subscribed).limit(50).toList();

        var published = RABBIT.publish(devices, 20);

        RABBIT.assertReceived(published);
    }

    @Test
    @Tag("fixtures")
    void user_readsOwnQueuesAlone_andDoesNothingElse() throws Exception {
        var device = RABBIT.subscribed();

        assertThatThrownBy(() -> RabbitClient.connect(RABBIT.broker(), USER, "no token"))
                .isInstanceOf(AuthenticationFailureException.class);
        assertThatThrownBy(() -> RabbitClient.connect(
                        RABBIT.broker(), "bob", RABBIT.fireblocks().oidc().token(USER)))
                .isInstanceOf(AuthenticationFailureException.class);
        assertThatThrownBy(() -> RabbitClient.connect(
                        RABBIT.broker(),
                        USER,
                        RABBIT.fireblocks()
                                .oidc()
                                .tokenFor(USER)
                                .audience("other")
                                .issue()))
                .isInstanceOf(AuthenticationFailureException.class);
        RABBIT.assertRefused("bob", client -> client.consume(RABBIT.kafka().queue(device)));
        RABBIT.assertRefused(USER, client -> client.channel().queueDeclare("mine", false, false, true, Map.of()));
        RABBIT.assertRefused(
                USER, client -> client.channel().queueDelete(RABBIT.kafka().queue(device)));
        RABBIT.assertRefused(USER, client -> {
            client.channel()
                    .basicPublish(
                            "ncw.devices",
                            RABBIT.kafka().queue(device).substring("ncw.device.".length()),
                            null,
                            new byte[0]);
            // The refusal follows later.
            client.channel().basicQos(1);
            client.channel().messageCount(RABBIT.kafka().queue(device));
        });
        // The administrator of RabbitMQ has a password there, and no token makes a user of that name the administrator.
        RABBIT.assertRefused(
                RabbitMqNode.USER, client -> client.channel().queueDeclare("mine", false, false, true, Map.of()));
    }

    @Test
    void fullQueue_holdsBackItsDeviceAlone_untilItIsRead() throws Exception {
        var full = RABBIT.subscribed();
        var other = RABBIT.subscribed();
        var published = RABBIT.publish(List.of(full), 2 * MAX_LENGTH);

        RABBIT.awaitState(full, "held");
        assertThat(RABBIT.kafka().state(full).orElseThrow().getReason()).contains("rejects");
        RABBIT.assertReceived(RABBIT.publish(List.of(other), 3));

        RABBIT.assertReceived(published);
        RABBIT.awaitState(full, "active");
    }

    @Test
    void removedQueue_breaksTheSubscription_andANewOneResumes() throws Exception {
        var device = RABBIT.subscribed();
        try (var administrator = RABBIT.connectAdministrator()) {
            administrator.channel().queueDelete(RABBIT.kafka().queue(device));
        }
        RABBIT.kafka().publish(device, "missed", "{}").join();

        RABBIT.awaitState(device, "broken");
        RABBIT.kafka()
                .subscribe(device, 1, RABBIT.kafka().state(device).orElseThrow().getResumeFrom());

        try (var client = RABBIT.awaitQueue(device).consume(RABBIT.kafka().queue(device))) {
            await().atMost(SOON).untilAsserted(() -> assertThat(client.ids()).containsExactly("missed"));
        }
    }

    @Test
    void endOfTheSubscription_orOfTheOwnership_removesTheQueue() throws Exception {
        var ended = RABBIT.subscribed();
        var sold = RABBIT.subscribed();
        RABBIT.kafka().publish(sold, "of the former owner", "{}").join();

        RABBIT.kafka().unsubscribe(ended);
        RABBIT.kafka().register(sold, "bob", 2, RABBIT.kafka().end(sold));

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(RABBIT.kafka().state(ended)).isEmpty();
            assertThat(RABBIT.kafka().state(sold)).isEmpty();
        });
        RABBIT.assertRefused(USER, client -> client.consume(RABBIT.kafka().queue(ended)));
        RABBIT.assertRefused(USER, client -> client.consume(RABBIT.kafka().queue(sold)));
        var formerQueue = RABBIT.kafka().queue(sold);
        RABBIT.kafka().subscribe(sold, 2);
        RABBIT.assertRefused("bob", client -> client.consume(formerQueue));
        RABBIT.kafka().publish(sold, "of the new owner", "{}").join();
        RABBIT.awaitState(sold, "active");
        try (var client = RABBIT.connect("bob").consume(RABBIT.kafka().queue(sold))) {
            await().atMost(SOON).untilAsserted(() -> assertThat(client.ids()).containsExactly("of the new owner"));
        }
    }

    @Test
    void subscriptionWithAnotherKey_isIgnored_andStopsNothing() {
        var device = RABBIT.kafka().register(USER);
        RABBIT.kafka().subscribeWithAnotherKey(device);

        RABBIT.kafka().subscribe(device, 1);

        RABBIT.awaitState(device, "active");
        assertThat(RABBIT.service().management("/actuator/prometheus"))
                .contains("relay_dead_letters_total{result=\"dead_lettered\",topic=\"ncw.device.channels.dlt\"}");
    }

    @Test
    void stateFromAnInstanceThatHasLostThePartition_isReplaced() {
        var device = RABBIT.subscribed();
        var active = RABBIT.kafka().state(device).orElseThrow();

        RABBIT.kafka()
                .overwrite(ChannelState.newBuilder(active)
                        .setState("broken")
                        .setWriter("another instance")
                        .build());

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(RABBIT.kafka().state(device)).hasValueSatisfying(state -> {
                    assertThat(state.getState()).isEqualTo("active");
                    assertThat(state.getWriter()).isEqualTo(active.getWriter());
                }));
    }

    @Test
    void queue_isReadByStompOverWebSocket_byItsUserAlone() throws Exception {
        var device = RABBIT.subscribed();
        RABBIT.kafka().publish(device, "event-1", "{\"id\": \"ü\"}").join();

        try (var stranger = RABBIT.stompClient("bob").consume(RABBIT.kafka().queue(device))) {
            await().atMost(SOON).until(stranger::isRefused);
            assertThat(stranger.frames()).noneMatch(frame -> frame.startsWith("MESSAGE"));
        }
        try (var browser = RABBIT.stompClient(USER).consume(RABBIT.kafka().queue(device))) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(browser.frames())
                            .anySatisfy(frame -> assertThat(frame)
                                    .startsWith("MESSAGE")
                                    .contains("message-id:", "cursor:", "walletId:wallet-" + device)
                                    .endsWith("{\"id\": \"ü\"}")));
        }
    }
}
