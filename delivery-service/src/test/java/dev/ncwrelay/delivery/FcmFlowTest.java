package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** Registration tokens of Firebase Cloud Messaging; the test writes the states, as channel-service does. */
@Tag("kafka")
@ExtendWith(OutputCaptureExtension.class)
class FcmFlowTest {

    private static final int LIMIT = 10;
    private static final String OTHER_USER = "user-2";

    /** No response, and nothing in the log, has it. */
    private static final String TOKEN = "secret-token";

    private final RunningDelivery delivery = RunningDelivery.shared();
    private final ChannelTopics topics = new ChannelTopics(delivery.connection());
    private final String device = delivery.device();

    @AfterEach
    void stop() {
        topics.close();
    }

    @Test
    void token_isRegisteredOnce_andNeverShown(CapturedOutput output) {
        // When
        var first = put(TOKEN);
        var again = put(TOKEN);

        // Then
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(listed()).containsExactly(first.json());
        assertThat(first.json().path("kind").asString()).isEqualTo("fcm");
        assertThat(first.json().path("name").asString()).matches("[0-9a-f]{16}");
        assertThat(first.json().path("state").asString()).isEqualTo("pending");
        assertThat(first.json().path("since")).isEqualTo(first.json().path("subscribedAt"));
        var connection = first.json().path("connection");
        assertThat(connection.propertyNames()).containsExactlyInAnyOrder("platform", "data");
        assertThat(connection.path("platform").asString()).isEqualTo("android");
        assertThat(connection.path("data").path("relay").asString()).isEqualTo("1");
        assertThat(connection.path("data").path("device").asString()).matches("[0-9a-f]{32}");
        assertThat(topics.written(device))
                .singleElement()
                .satisfies(record -> assertThat(record).hasValueSatisfying(subscription -> {
                    assertThat(subscription.getName())
                            .isEqualTo(first.json().path("name").asString());
                    assertThat(subscription.getSettings()).isEqualTo(Map.of("token", TOKEN, "platform", "android"));
                }));
        assertThat(List.of(first, again, get(), delivery.get(devicePath() + "/channels")))
                .allSatisfy(answer -> assertThat(answer.text()).doesNotContain(TOKEN));
        assertThat(output.getAll()).doesNotContain(TOKEN);
    }

    @Test
    void furtherToken_isAdded_andOtherSettingsChangeTheSameSubscription() {
        // Given
        var first = put(TOKEN).json();
        var second = put("token-2").json();

        // When
        var changed = put(
                "{\"token\":\"" + TOKEN
                        + "\",\"platform\":\"ios\",\"physicalDeviceId\":\"p-1\",\"consumer\":\"phone\"}",
                RunningDelivery.USER);

        // Then
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().path("name")).isEqualTo(first.path("name"));
        assertThat(changed.json().path("subscribedAt")).isEqualTo(first.path("subscribedAt"));
        assertThat(changed.json().path("connection").path("platform").asString())
                .isEqualTo("ios");
        assertThat(changed.json().path("connection").path("physicalDeviceId").asString())
                .isEqualTo("p-1");
        assertThat(changed.json().path("connection").path("consumer").asString())
                .isEqualTo("phone");
        assertThat(listed()).containsExactly(changed.json(), second);
        var written = topics.written(device).stream().flatMap(Optional::stream).toList();
        assertThat(written.getLast().getSubscriptionId())
                .isEqualTo(written.getFirst().getSubscriptionId());
    }

    @Test
    void tokenBeyondTheLimit_is409_untilOneIsBroken() {
        // Given
        for (int token = 0; token < LIMIT; token++) {
            assertThat(put("token-" + token).status()).isEqualTo(201);
        }
        var oldest = topics.written(device).getFirst().orElseThrow();

        // When
        var refused = put(TOKEN);
        topics.writeState(oldest, "broken", oldest.getEventsFrom(), "UNREGISTERED");
        awaitState(oldest.getName(), "broken");
        var reason = listed().getFirst().path("reason").asString();
        var accepted = put(TOKEN);

        // Then
        ChannelFlowTest.assertProblem(refused, 409, "too-many-subscriptions");
        assertThat(refused.json().path("limit").asInt()).isEqualTo(LIMIT);
        assertThat(refused.text()).doesNotContain(TOKEN);
        assertThat(reason).isEqualTo("UNREGISTERED");
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(201);
        assertThat(names()).hasSize(LIMIT).doesNotContain(oldest.getName());
        ChannelFlowTest.assertProblem(put("token-0"), 409, "too-many-subscriptions");
    }

    @Test
    void brokenToken_thatIsRegisteredAgain_beginsAnew() {
        // Given
        put(TOKEN);
        var broken = topics.last(device);
        topics.writeState(broken, "broken", broken.getEventsFrom() + 3, "SENDER_ID_MISMATCH");
        awaitState(broken.getName(), "broken");

        // When
        var again = put(TOKEN);

        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("state").asString()).isEqualTo("pending");
        assertThat(topics.last(device).getSubscriptionId()).isNotEqualTo(broken.getSubscriptionId());
        assertThat(topics.last(device).getEventsFrom()).isEqualTo(broken.getEventsFrom() + 3);
        assertThat(names()).hasSize(1);
    }

    @Test
    void delete_endsOneToken_orAll() {
        // Given
        var names = new ArrayList<String>();
        for (int token = 0; token < 3; token++) {
            names.add(put("token-" + token).json().path("name").asString());
        }

        // When
        var one = delivery.delete(path() + "/" + names.get(1));
        var again = delivery.delete(path() + "/" + names.get(1));
        var left = names();
        var all = delivery.delete(path());

        // Then
        assertThat(List.of(one.status(), again.status(), all.status())).containsOnly(204);
        assertThat(left).containsExactlyInAnyOrder(names.get(0), names.get(2));
        assertThat(listed()).isEmpty();
        assertThat(get().status()).isEqualTo(200);
        assertThat(topics.written(device)).hasSize(6);
        assertThat(delivery.delete(path()).status()).isEqualTo(204);
        assertThat(put("token-1").status()).isEqualTo(201);
    }

    @Test
    void newOwner_hasNoneOfTheFormerOwnersTokens() {
        // Given
        put(TOKEN);
        put("token-2");
        var token = delivery.token(OTHER_USER);

        // When
        ChannelFlowTest.giveTo(delivery, device, OTHER_USER);

        // Then
        assertThat(delivery.exchange("GET", path(), null, token)
                        .json()
                        .path("channels")
                        .isEmpty())
                .isTrue();
        assertThat(delivery.exchange("DELETE", path(), null, token).status()).isEqualTo(204);
        assertThat(topics.written(device)).hasSize(2);
        assertThat(put(body(TOKEN), OTHER_USER).status()).isEqualTo(201);
        assertThat(topics.written(device).stream().filter(Optional::isEmpty)).hasSize(1);
        ChannelFlowTest.assertProblem(get(), 403, "foreign-device");
    }

    @Test
    void tokenOfAnotherDevice_mayBeRegisteredToo() {
        var first = put(TOKEN).json();
        var other = delivery.device();

        var second = delivery.exchange(
                "PUT", "/v1/devices/" + other + "/channels/fcm", body(TOKEN), delivery.token(RunningDelivery.USER));

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json().path("name")).isEqualTo(first.path("name"));
        assertThat(second.json().path("connection").path("data").path("device"))
                .isNotEqualTo(first.path("connection").path("data").path("device"));
        assertThat(names()).hasSize(1);
    }

    @Test
    void deviceOfAnotherUser_is403_andAnUnknownOne_is404() {
        var token = delivery.token(OTHER_USER);
        for (var request : List.of("PUT ", "GET ", "DELETE ", "DELETE /0123456789abcdef")) {
            var method = request.substring(0, request.indexOf(' '));
            var rest = "/channels/fcm" + request.substring(request.indexOf(' ') + 1);
            var body = method.equals("PUT") ? body(TOKEN) : null;
            ChannelFlowTest.assertProblem(
                    delivery.exchange(method, devicePath() + rest, body, token), 403, "foreign-device");
            ChannelFlowTest.assertProblem(
                    delivery.exchange(method, "/v1/devices/nobody" + rest, body, token), 404, "unknown-device");
            ChannelFlowTest.assertProblem(
                    delivery.exchange(method, devicePath() + rest, body, null), 401, "unauthorized");
        }
    }

    @Test
    void invalidBody_isToldWhatIsExpected_andNotShown(CapturedOutput output) {
        var bodies = Map.of(
                "{}",
                "token must be",
                "{\"token\":\"" + TOKEN + "\"}",
                "platform must be android, ios or web",
                "{\"token\":\"" + TOKEN + " \",\"platform\":\"ios\"}",
                "token must be",
                "{\"token\":\"" + TOKEN + "\",\"platform\":\"ios\",\"" + TOKEN + "\":1}",
                "and no others, are expected",
                "{\"token\":\"" + TOKEN + "\",\"platform\":\"ios\",}",
                "a JSON object");
        bodies.forEach((body, expected) -> {
            var refused = put(body, RunningDelivery.USER);

            ChannelFlowTest.assertProblem(refused, 400, "bad-request");
            assertThat(refused.json().path("detail").asString()).contains(expected);
            assertThat(refused.text()).doesNotContain(TOKEN);
        });
        assertThat(output.getAll()).doesNotContain(TOKEN);
        assertThat(topics.written(device)).isEmpty();
    }

    static Set<String> namesOn(RunningDelivery node, String path) {
        return node.get(path)
                .json()
                .path("channels")
                .valueStream()
                .map(channel -> channel.path("name").asString())
                .collect(Collectors.toSet());
    }

    private String devicePath() {
        return "/v1/devices/" + device;
    }

    private String path() {
        return devicePath() + "/channels/fcm";
    }

    static String body(String token) {
        return "{\"token\":\"" + token + "\",\"platform\":\"android\"}";
    }

    private Reply put(String token) {
        return put(body(token), RunningDelivery.USER);
    }

    private Reply put(String body, String user) {
        return delivery.exchange("PUT", path(), body, delivery.token(user));
    }

    private Reply get() {
        return delivery.get(path());
    }

    private List<JsonNode> listed() {
        return get().json().path("channels").valueStream().toList();
    }

    private Set<String> names() {
        return namesOn(delivery, path());
    }

    private void awaitState(String name, String state) {
        await().untilAsserted(() -> assertThat(listed()).anySatisfy(channel -> {
            assertThat(channel.path("name").asString()).isEqualTo(name);
            assertThat(channel.path("state").asString()).isEqualTo(state);
        }));
    }
}
