package dev.ncwrelay.delivery.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.delivery.channel.kind.ChannelSettings;
import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FcmKindTest {

    private static final String TOKEN = "dK3_x:APA91bFoo-Bar";

    /** What {@code printf 'dK3_x:APA91bFoo-Bar' | sha256sum} begins with. */
    private static final String NAME = "39d88fd03a0ec981";

    /** What {@code printf 'device-1' | sha256sum} begins with. */
    private static final String DEVICE = "03204de92e11fc8c528139be41906592";

    private final FcmKind kind = new FcmKind(new FcmKindSettings(true, 10));

    @Test
    void kind_thatIsNotEnabled_namesTheSetting() {
        assertThat(new FcmKind(new FcmKindSettings(false, 10)).unavailable())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("relay.delivery.channel.fcm.enabled")
                        .contains("RELAY_DELIVERY_CHANNEL_FCM_ENABLED"));
        assertThat(kind.unavailable()).isEmpty();
        assertThat(kind.perDevice()).hasValue(10);
    }

    @Test
    void subscription_isNamedByAHashOfItsToken() {
        assertThat(kind.settings(Map.of("token", TOKEN, "platform", "ios")))
                .isEqualTo(new ChannelSettings(NAME, Map.of("token", TOKEN, "platform", "ios")));
    }

    @Test
    void everyMember_isStored() {
        var all = Map.of("token", TOKEN, "platform", "web", "physicalDeviceId", "p-1", "consumer", "phone");

        assertThat(kind.settings(Map.copyOf(all))).isEqualTo(new ChannelSettings(NAME, all));
    }

    @Test
    void optionalMember_thatIsNull_isNone() {
        var body = new HashMap<String, @Nullable Object>(Map.of("token", TOKEN, "platform", "android"));
        body.put("physicalDeviceId", null);
        body.put("consumer", null);

        assertThat(settings(body).values()).containsOnlyKeys("token", "platform");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4_096})
    void token_ofAllowedLength_isStored(int length) {
        assertThat(kind.settings(Map.of("token", "~".repeat(length), "platform", "ios"))
                        .values()
                        .get("token"))
                .hasSize(length);
    }

    static Stream<Map<String, @Nullable Object>> invalidTokens() {
        return Stream.of(
                        "",
                        " ",
                        "secret secret",
                        "secret\n",
                        "s\u00e9cret",
                        "secret\u0000",
                        "s".repeat(4_097),
                        "\ud83d")
                .map(token -> Map.of("token", token, "platform", "ios"));
    }

    @ParameterizedTest
    @MethodSource("invalidTokens")
    void invalidToken_isRefused_andNotShown(Map<String, @Nullable Object> body) {
        assertThat(refusal(body))
                .startsWith("token must be 1 to 4096 printable ASCII characters without spaces")
                .doesNotContain("secret");
    }

    static Stream<Map<String, @Nullable Object>> invalidBodies() {
        return Stream.of(
                Map.of(),
                Map.of("token", TOKEN),
                Map.of("platform", "ios"),
                Map.of("token", TOKEN, "platform", "iOS"),
                Map.of("token", TOKEN, "platform", "windows"),
                Map.of("token", TOKEN, "platform", 1),
                Map.of("token", 1, "platform", "ios"),
                Map.of("token", List.of(TOKEN), "platform", "ios"),
                Map.of("token", TOKEN, "platform", "ios", "physicalDeviceId", ""),
                Map.of("token", TOKEN, "platform", "ios", "physicalDeviceId", "p 1"),
                Map.of("token", TOKEN, "platform", "ios", "physicalDeviceId", "p".repeat(129)),
                Map.of("token", TOKEN, "platform", "ios", "physicalDeviceId", 7),
                Map.of("token", TOKEN, "platform", "ios", "consumer", ""),
                Map.of("token", TOKEN, "platform", "ios", "consumer", "a/b"),
                Map.of("token", TOKEN, "platform", "ios", "Token", TOKEN),
                Map.of("token", TOKEN, "platform", "ios", TOKEN, "x"));
    }

    @ParameterizedTest
    @MethodSource("invalidBodies")
    void invalidBody_isToldWhatIsExpected_andNoValue(Map<String, @Nullable Object> body) {
        assertThat(refusal(body)).containsAnyOf("must be", "are expected").doesNotContain(TOKEN);
    }

    @Test
    void response_saysWhatPushesLookLike_andHasNoToken() {
        // Given
        var now = Instant.parse("2026-01-02T03:04:05Z");
        var device = new RegisteredDevice("device-1", "wallet", "user-1", null, now, now, 1, -1, null);
        var settings = kind.settings(
                Map.of("token", TOKEN, "platform", "web", "physicalDeviceId", "p-1", "consumer", "phone"));
        var subscription =
                new ChannelSubscription("device-1", "fcm", settings.name(), "id", 1L, 7, 0L, now, settings.values());

        // When
        var wakeUp = kind.connection(device, subscription);

        // Then
        assertThat(wakeUp).isEqualTo(new FcmKind.FcmWakeUp("web", "p-1", "phone", new FcmKind.PushData("1", DEVICE)));
        assertThat(JsonMapper.shared().writeValueAsString(wakeUp)).doesNotContain(TOKEN);
    }

    private String refusal(Map<String, @Nullable Object> body) {
        var refusal = new StringBuilder();
        assertThatThrownBy(() -> settings(body)).isInstanceOfSatisfying(FailureException.class, refused -> {
            assertThat(refused.failure()).isInstanceOf(Failure.InvalidRequest.class);
            refusal.append(((Failure.InvalidRequest) refused.failure()).expected());
        });
        return refusal.toString();
    }

    /** A JSON object may have members that are null. */
    @SuppressWarnings("NullAway")
    private ChannelSettings settings(Map<String, @Nullable Object> body) {
        return kind.settings(body);
    }
}
