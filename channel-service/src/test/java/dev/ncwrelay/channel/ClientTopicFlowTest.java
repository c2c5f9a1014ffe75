package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** Events and subscriptions, on a secured Kafka. */
@Tag("kafka")
@Tag("brokers")
class ClientTopicFlowTest {

    private static final Duration SOON = ClientTopicFixture.SOON;
    private static final String USER = ClientTopicFixture.USER;

    @RegisterExtension
    private static final ClientTopicFixture CLIENTS = new ClientTopicFixture();

    @Test
    void events_areReadByTheUser_inOrder_asAPollAnswersThem() {
        // Given
        var device = CLIENTS.subscribed(USER);
        var ids = IntStream.range(0, 200).mapToObj(i -> device + "-" + i).toList();

        // When
        ids.forEach(id -> CLIENTS.publish(device, id, "{\"n\": \"" + id + "\"}"));

        // Then
        var records =
                CLIENTS.read(device, CLIENTS.token(USER), CLIENTS.topic(device).groupPrefix() + "app", ids.size());
        assertThat(records).extracting(ClientTopicFixture::id).isEqualTo(ids);
        var first = records.getFirst();
        assertThat(first.key()).isEqualTo(device);
        var json = JsonMapper.shared().readTree(first.value());
        assertThat(json.propertyNames()).containsExactly("id", "cursor", "type", "createdAt", "walletId", "data");
        assertThat(json.path("type").asString()).isEqualTo("transaction.status.updated");
        assertThat(json.path("createdAt").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json.path("walletId").asString()).isEqualTo("wallet-" + device);
        assertThat(new String(first.value(), StandardCharsets.UTF_8))
                .contains("\"data\":{\"n\": \"" + device + "-0\"}");
        assertThat(ClientTopicFixture.header(first, "cursor"))
                .isEqualTo(json.path("cursor").asString());
        assertThat(ClientTopicFixture.header(first, "walletId")).isEqualTo("wallet-" + device);
        assertThat(ClientTopicFixture.header(first, "traceparent")).isEqualTo("00-trace");
        var cursors = new CursorCodec(SigningKeys.load("test", List.of(RunningChannel.CURSOR_KEY), null));
        assertThat(cursors.decode(device, ClientTopicFixture.header(first, "cursor")))
                .isInstanceOf(CursorCheck.Valid.class);
    }

    @Test
    void endedSubscription_takesTopicAndPermissionsWithIt_alsoOfAnOpenConsumer() {
        // Given
        var device = CLIENTS.subscribed("carol");
        assertThat(CLIENTS.kafka().aclsOf("Client:carol")).hasSize(2);
        CLIENTS.publish(device, "event", "{}");
        var consumer = CLIENTS.consumer(CLIENTS.token("carol"), Map.of());
        var partitions = List.of(new TopicPartition(CLIENTS.topic(device).name(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        await().atMost(SOON).until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());

        // When
        CLIENTS.devices().unsubscribe(device);

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(() -> consumer.poll(Duration.ofMillis(200)))
                        .isInstanceOf(TopicAuthorizationException.class));
        CLIENTS.closeRefused(consumer);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(CLIENTS.topics()).doesNotContain(CLIENTS.topic(device).name());
            assertThat(CLIENTS.kafka().aclsOf("Client:carol")).isEmpty();
            assertThat(CLIENTS.devices().state(device)).isEmpty();
        });
    }

    @Test
    void newOwner_hasAnotherTopic_andTheFormerOneIsGone() {
        // Given
        var device = CLIENTS.subscribed("dora");
        var former = CLIENTS.topic(device);
        CLIENTS.publish(device, "of the former owner", "{}");

        // When
        CLIENTS.devices().register(device, "erin", 2, CLIENTS.devices().end(device));
        CLIENTS.devices().subscribe(device, 2);
        CLIENTS.awaitReadable(device, "erin");
        CLIENTS.publish(device, "of the new owner", "{}");

        // Then
        assertThat(CLIENTS.read(
                        device, CLIENTS.token("erin"), CLIENTS.topic(device).groupPrefix() + "app", 1))
                .extracting(ClientTopicFixture::id)
                .containsExactly("of the new owner");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(CLIENTS.topics()).doesNotContain(former.name());
            assertThat(CLIENTS.kafka().aclsOf("Client:dora")).isEmpty();
        });
    }

    @Test
    void removedTopic_breaksItsSubscriptionAlone_andTheNextOneContinuesThere() throws Exception {
        // Given
        var device = CLIENTS.subscribed(USER);
        var other = CLIENTS.subscribed(USER);
        try (var admin = Admin.create(CLIENTS.kafka().connection().admin("test"))) {
            admin.deleteTopics(List.of(CLIENTS.topic(device).name())).all().get();
        }

        // When
        CLIENTS.publish(device, "lost topic", "{}");
        CLIENTS.publish(other, "other", "{}");

        // Then
        CLIENTS.read(other, CLIENTS.token(USER), CLIENTS.topic(other).groupPrefix() + "app", 1);
        var broken = CLIENTS.awaitState(device, "broken");
        assertThat(broken.getReason()).isEqualTo("the topic does not exist any more");
        CLIENTS.devices().subscribe(device, 1, broken.getResumeFrom());
        CLIENTS.awaitReadable(device, USER);
        assertThat(CLIENTS.read(
                        device, CLIENTS.token(USER), CLIENTS.topic(device).groupPrefix() + "app", 1))
                .extracting(ClientTopicFixture::id)
                .containsExactly("lost topic");
    }

    /** Kafka's producer waits for each topic that does not exist. */
    @Test
    void topicsRemovedWhileTheServiceIsDown_breakTheirSubscriptions_andDelayNoOther() throws Exception {
        // Given
        var removed = IntStream.range(0, 60)
                .mapToObj(_ -> CLIENTS.devices().register(USER))
                .toList();
        removed.forEach(device -> CLIENTS.devices().subscribe(device, 1));
        removed.forEach(device -> CLIENTS.awaitState(device, "active"));
        var other = CLIENTS.subscribed(USER);
        CLIENTS.service().close();
        try (var admin = Admin.create(CLIENTS.kafka().connection().admin("test"))) {
            admin.deleteTopics(removed.stream()
                            .map(device -> CLIENTS.topic(device).name())
                            .toList())
                    .all()
                    .get();
        }
        removed.forEach(device -> CLIENTS.publish(device, "lost topic", "{}"));
        CLIENTS.publish(other, "other", "{}");

        // When
        CLIENTS.start();

        // Then
        CLIENTS.read(other, CLIENTS.token(USER), CLIENTS.topic(other).groupPrefix() + "app", 1);
        removed.forEach(device -> CLIENTS.awaitState(device, "broken"));
    }

    @Test
    void topicThatAcceptsNothing_holdsBackItsDeviceAlone() throws Exception {
        // Given
        var device = CLIENTS.subscribed(USER);
        var other = CLIENTS.subscribed(USER);
        CLIENTS.setMaxMessageBytes(device, 10);

        // When
        CLIENTS.publish(device, "held", "{}");
        CLIENTS.publish(device, "held too", "{}");
        CLIENTS.publish(other, "other", "{}");

        // Then
        CLIENTS.read(other, CLIENTS.token(USER), CLIENTS.topic(other).groupPrefix() + "app", 1);
        assertThat(CLIENTS.awaitState(device, "held").getReason()).startsWith("the topic does not accept it");
        CLIENTS.setMaxMessageBytes(device, 1_000_000);
        assertThat(CLIENTS.read(
                        device, CLIENTS.token(USER), CLIENTS.topic(device).groupPrefix() + "app", 2))
                .extracting(ClientTopicFixture::id)
                .containsExactly("held", "held too");
    }

    @Test
    void topicThatTheServiceMayNotWrite_holdsBackItsDeviceAlone_andNothingIsSentTwice() {
        // Given
        var device = CLIENTS.subscribed(USER);
        var other = CLIENTS.subscribedInPartitionOf(device);
        var denied = CLIENTS.denyWriting(device);

        // When
        CLIENTS.publish(device, "held", "{}");
        CLIENTS.publish(device, "held too", "{}");
        var ids = IntStream.range(0, 5).mapToObj(i -> "other-" + i).toList();
        ids.forEach(id -> CLIENTS.publish(other, id, "{}"));

        // Then
        assertThat(CLIENTS.awaitState(device, "held").getReason()).startsWith("the topic does not accept it");
        CLIENTS.publish(other, "last", "{}");
        assertThat(CLIENTS.read(other, CLIENTS.token(USER), CLIENTS.topic(other).groupPrefix() + "app", ids.size() + 1))
                .extracting(ClientTopicFixture::id)
                .containsExactly(Stream.concat(ids.stream(), Stream.of("last")).toArray(String[]::new));
        CLIENTS.kafka().revoke(denied);
        assertThat(CLIENTS.read(
                        device, CLIENTS.token(USER), CLIENTS.topic(device).groupPrefix() + "app", 2))
                .extracting(ClientTopicFixture::id)
                .containsExactly("held", "held too");
    }

    @Test
    void topicThatTheServiceMayNotWrite_alsoHoldsBackItsDeviceWhenNothingElseIsSent() {
        // Given
        var device = CLIENTS.subscribed(USER);
        var denied = CLIENTS.denyWriting(device);

        // When
        CLIENTS.publish(device, "held", "{}");

        // Then
        assertThat(CLIENTS.awaitState(device, "held").getReason()).startsWith("the topic does not accept it");
        assertThat(CLIENTS.service().management("/actuator/health/readiness"))
                .contains("DEGRADED", CLIENTS.topic(device).name());
        CLIENTS.kafka().revoke(denied);
        assertThat(CLIENTS.read(
                        device, CLIENTS.token(USER), CLIENTS.topic(device).groupPrefix() + "app", 1))
                .extracting(ClientTopicFixture::id)
                .containsExactly("held");
        CLIENTS.service().awaitReady();
    }

    /** On the listener OAUTH, Kafka's own builder makes a user of the name of a service that service. */
    @Test
    void clusterWhereAUserCouldBeAService_getsNoTopics() {
        CLIENTS.service().close();
        try (var refused = CLIENTS.startService("OAUTH")) {
            // Given
            var device = CLIENTS.devices().register(USER);

            // When
            CLIENTS.devices().subscribe(device, 1);

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(refused.management("/actuator/health/readiness"))
                            .contains("users could log in to Kafka under the name of a service")
                            .contains("listener.name.oauth.principal.builder.class"));
            assertThat(CLIENTS.topics()).doesNotContain(CLIENTS.topic(device).name());
            assertThat(CLIENTS.awaitReason(device, "pending"))
                    .isEqualTo("it could not be made ready, and is tried again");
        } finally {
            CLIENTS.start();
        }
    }
}
