package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscriptions to channels; the test writes the states, as channel-service does. */
@Tag("kafka")
class ChannelFlowTest {

    private static final String OTHER_USER = "user-2";

    private final RunningDelivery delivery = RunningDelivery.shared();
    private final ChannelTopics topics = new ChannelTopics(delivery.connection());

    @AfterEach
    void stop() {
        topics.close();
    }

    @Test
    void subscription_isNewOnce_andSaysHowToConnect() {
        // Given
        var device = delivery.device();
        delivery.publish(device, "before", "{}");

        // When
        var first = put(device, "{}");
        var again = put(device, null);

        // Then
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(get(device).json()).isEqualTo(first.json());
        assertThat(first.json().path("kind").asString()).isEqualTo("rabbitmq");
        assertThat(first.json().path("state").asString()).isEqualTo("pending");
        assertThat(first.json().has("reason")).isFalse();
        assertThat(first.json().path("since")).isEqualTo(first.json().path("subscribedAt"));
        var connection = first.json().path("connection");
        assertThat(connection.path("url").asString()).isEqualTo(RunningDelivery.RABBITMQ);
        assertThat(connection.path("queue").asString())
                .isEqualTo("ncw.device." + connection.path("routingKey").asString());
        assertThat(connection.path("exchange").asString()).isEqualTo("ncw.devices");
        assertThat(connection.path("username").asString()).isEqualTo(RunningDelivery.USER);
        assertThat(connection.path("passwordSource").asString()).isEqualTo("access_token");
        assertThat(topics.written(device))
                .singleElement()
                .satisfies(record -> assertThat(record).hasValueSatisfying(subscription -> {
                    assertThat(subscription.getDeviceId()).isEqualTo(device);
                    assertThat(connection.path("routingKey").asString())
                            .isEqualTo(device + "." + subscription.getSubscriptionId());
                    assertThat(subscription.getEventsFrom()).isPositive();
                    assertThat(subscription.getSettings()).isEmpty();
                }));
    }

    @Test
    void state_isTheOneThatChannelServiceHasWritten() {
        var device = delivery.device();
        put(device, "{}");
        var subscription = topics.last(device);

        topics.writeState(subscription, "active", 0, null);
        awaitState(device, "active");
        topics.writeState(subscription, "held", 0, "the queue is full");

        awaitState(device, "held");
        assertThat(get(device).json().path("reason").asString()).isEqualTo("the queue is full");
        assertThat(get(device).json().path("since").asString()).isEqualTo(ChannelTopics.SINCE.toString());
        assertThat(put(device, "{}").json().path("state").asString()).isEqualTo("held");
        assertThat(topics.written(device)).hasSize(1);
    }

    @Test
    void brokenSubscription_beginsAnewWhereItEnded() {
        // Given
        var device = delivery.device();
        put(device, "{}");
        var broken = topics.last(device);
        topics.writeState(broken, "broken", broken.getEventsFrom() + 3, "the queue is gone");
        awaitState(device, "broken");

        // When
        var again = put(device, "{}");

        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("state").asString()).isEqualTo("pending");
        assertThat(topics.last(device).getSubscriptionId()).isNotEqualTo(broken.getSubscriptionId());
        assertThat(topics.last(device).getEventsFrom()).isEqualTo(broken.getEventsFrom() + 3);
        assertThat(topics.last(device).getGeneration()).isEqualTo(broken.getGeneration());
    }

    @Test
    void deletedSubscription_isGone_andDeletingAgainWritesNothing() {
        // Given
        var device = delivery.device();
        assertThat(delete(device).status()).isEqualTo(204);
        assertThat(topics.written(device)).isEmpty();
        put(device, "{}");

        // When
        var deleted = Stream.of(delete(device), delete(device)).map(Reply::status);

        // Then
        assertThat(deleted).containsExactly(204, 204);
        assertProblem(get(device), 404, "not-subscribed");
        assertThat(list(device)).isEmpty();
        assertThat(topics.written(device)).hasSize(2);
        assertThat(put(device, "{}").status()).isEqualTo(201);
    }

    @Test
    void list_hasTheSubscriptions() {
        var device = delivery.device();
        assertThat(list(device)).isEmpty();

        put(device, "{}");

        assertThat(list(device)).containsExactly("rabbitmq");
    }

    @Test
    void deviceOfAnotherUser_is403_andAnUnknownOne_is404() {
        var device = delivery.device();
        var token = delivery.token(OTHER_USER);
        for (var method : List.of("PUT", "GET", "DELETE")) {
            assertProblem(delivery.exchange(method, path(device), null, token), 403, "foreign-device");
            assertProblem(delivery.exchange(method, path("nobody"), null, token), 404, "unknown-device");
            assertProblem(delivery.exchange(method, path(device), null, null), 401, "unauthorized");
        }
        assertProblem(
                delivery.exchange("GET", "/v1/devices/" + device + "/channels", null, token), 403, "foreign-device");
    }

    @Test
    void newOwner_hasNoneOfTheFormerOwnersSubscriptions() {
        // Given
        var device = delivery.device();
        put(device, "{}");
        var former = topics.last(device);

        // When
        giveTo(delivery, device, OTHER_USER);

        // Then
        var token = delivery.token(OTHER_USER);
        assertProblem(delivery.exchange("GET", path(device), null, token), 404, "not-subscribed");
        assertThat(delivery.exchange("DELETE", path(device), null, token).status())
                .isEqualTo(204);
        assertThat(topics.written(device)).hasSize(1);
        var own = delivery.exchange("PUT", path(device), "{}", token);
        assertThat(own.status()).isEqualTo(201);
        assertThat(own.json().path("connection").path("username").asString()).isEqualTo(OTHER_USER);
        assertThat(topics.last(device).getEpoch()).isGreaterThan(former.getEpoch());
        giveTo(delivery, device, RunningDelivery.USER);
        assertProblem(get(device), 404, "not-subscribed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"queue\":\"other\"}", "[]", "\"text\"", "{", "{\"settings\":null}"})
    void bodyWithSettings_is400(String body) {
        var device = delivery.device();

        assertProblem(put(device, body), 400, "bad-request");
        assertThat(topics.written(device)).isEmpty();
    }

    @Test
    void bodyWithSettings_isToldWhatIsExpected() {
        assertThat(put(delivery.device(), "{\"queue\":\"other\"}")
                        .json()
                        .path("detail")
                        .asString())
                .contains("{} is expected");
    }

    @Test
    void unknownKind_is404_withTheKnownOnes() {
        var path = "/v1/devices/" + delivery.device() + "/channels/telegraph";
        for (var method : List.of("PUT", "GET", "DELETE")) {
            var refused = delivery.exchange(method, path, null, delivery.token(RunningDelivery.USER));

            assertProblem(refused, 404, "unknown-channel");
            assertThat(refused.json().path("detail").asString()).contains("fcm, kafka, rabbitmq");
            assertThat(refused.json().path("kinds").size()).isEqualTo(3);
        }
    }

    @Test
    void concurrentSubscriptions_leaveOne() {
        // Given
        var device = delivery.device();

        // When
        var answers = IntStream.range(0, 4)
                .mapToObj(_ ->
                        delivery.send(delivery.request("PUT", path(device), "{}", delivery.token(RunningDelivery.USER))
                                .build()))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        // Then
        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(200, 201));
        assertThat(answers).anySatisfy(answer -> assertThat(answer.status()).isEqualTo(201));
        int records = topics.written(device).size();
        assertThat(put(device, "{}").status()).isEqualTo(200);
        assertThat(topics.written(device)).hasSize(records);
        assertThat(list(device)).containsExactly("rabbitmq");
    }

    @Test
    void subscriptionsAndStates_survive_aRestartOfTheNode() {
        var device = delivery.device();
        put(device, "{}");
        topics.writeState(topics.last(device), "held", 0, "the queue is full");
        awaitState(device, "held");
        var before = get(device).json();

        delivery.restart();

        assertThat(get(device).json()).isEqualTo(before);
    }

    @Test
    void registry_reportsSizeAndLag() {
        put(delivery.device(), "{}");

        assertThat(delivery.metric("relay.channel.registry.subscriptions")).isPositive();
        await().untilAsserted(() ->
                assertThat(delivery.metric("relay.channel.registry.lag")).isZero());
    }

    private static String path(String device) {
        return "/v1/devices/" + device + "/channels/rabbitmq";
    }

    private Reply put(String device, @Nullable String body) {
        return delivery.exchange("PUT", path(device), body, delivery.token(RunningDelivery.USER));
    }

    private Reply get(String device) {
        return delivery.get(path(device));
    }

    private Reply delete(String device) {
        return delivery.delete(path(device));
    }

    private List<String> list(String device) {
        return delivery.get("/v1/devices/" + device + "/channels")
                .json()
                .path("channels")
                .valueStream()
                .map(channel -> channel.path("kind").asString())
                .toList();
    }

    /** Begins a new ownership of the device. */
    static void giveTo(RunningDelivery on, String device, String user) {
        var answer = on.exchange(
                "PUT",
                "/v1/devices/" + device,
                "{\"walletId\":\"wallet-1\",\"userId\":\"" + user + "\"}",
                on.fireblocks().oidc().token("backend", "devices:write"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private void awaitState(String device, String state) {
        await().untilAsserted(() ->
                assertThat(get(device).json().path("state").asString()).isEqualTo(state));
    }

    static void assertProblem(Reply answer, int status, String type) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().path("type").asString()).isEqualTo("urn:ncw-relay:problem:" + type);
    }
}
