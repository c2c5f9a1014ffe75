package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
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
import dev.ncwrelay.testkit.fcm.FcmError;
import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.TimerDelay;
import dev.ncwrelay.testkit.time.MutableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Google's library against the fake. */
class FcmPushServiceTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final CursorCodec CURSORS =
            new CursorCodec(List.of(SigningKey.parse(Base64.getEncoder().encodeToString(new byte[32]))));
    private static final PushOutcome ACCEPTED = new PushOutcome.Accepted();

    @TempDir
    private static Path folder;

    private static FakeFcm fcm;
    private static FcmPushService service;

    @BeforeAll
    static void start() throws Exception {
        fcm = FakeFcm.start();
        service = service(fcm.credentials());
    }

    @AfterEach
    void recover() {
        fcm.recover();
        fcm.forget();
    }

    @AfterAll
    static void stop() {
        service.close();
        fcm.close();
    }

    @Test
    void message_hasNothingButAHashAndACursor() {
        var wakeUp = wakeUp("token-1", true);

        assertThat(service.send(List.of(wakeUp))).containsExactly(ACCEPTED);

        var hash = FcmChannel.hashOf("device");
        var expected = """
            {"message": {
              "token": "token-1",
              "data": {"relay": "1", "device": "HASH", "cursor": "CURSOR"},
              "android": {"collapse_key": "HASH", "priority": "high", "ttl": "3600s"},
              "apns": {
                "headers": {"apns-push-type": "background", "apns-priority": "5",
                            "apns-expiration": "1767229200", "apns-collapse-id": "HASH"},
                "payload": {"aps": {"content-available": 1}}},
              "webpush": {"headers": {"TTL": "3600", "Urgency": "high", "Topic": "HASH"}}}}\
            """.replace("HASH", hash).replace("CURSOR", CURSORS.encode("device", wakeUp.newest()));
        assertThat(fcm.messages())
                .singleElement()
                .satisfies(message -> assertThat(
                                JsonMapper.shared().readTree(message.body().utf8()))
                        .isEqualTo(JsonMapper.shared().readTree(expected)));
    }

    @Test
    void messageThatIsNotUrgent_hasNormalPriority() {
        service.send(List.of(wakeUp("token-1", false)));

        assertThat(fcm.messages())
                .singleElement()
                .satisfies(message -> assertThat(message.body().utf8())
                        .contains("\"priority\":\"normal\"", "\"Urgency\":\"normal\""));
    }

    @ParameterizedTest
    @EnumSource
    void everyError_hasItsOutcome(FcmError error) {
        service.send(List.of(wakeUp("token-0", true)));
        fcm.forget();
        fcm.answer("token-2", error.answer());
        int issued = fcm.issuedTokens();

        var outcomes = service.send(List.of(wakeUp("token-1", true), wakeUp("token-2", true), wakeUp("token-3", true)));

        assertThat(outcomes.getFirst()).isEqualTo(ACCEPTED);
        assertThat(outcomes.getLast()).isEqualTo(ACCEPTED);
        assertThat(outcomes.get(1)).satisfies(outcome -> {
            switch (error) {
                case UNREGISTERED, SENDER_ID_MISMATCH -> assertThat(outcome).isInstanceOf(PushOutcome.TokenGone.class);
                case INVALID_ARGUMENT -> assertThat(outcome).isInstanceOf(PushOutcome.Rejected.class);
                case QUOTA_EXCEEDED ->
                    assertThat(outcome).isEqualTo(new PushOutcome.Postponed("QUOTA_EXCEEDED", Duration.ofSeconds(60)));
                case INTERNAL ->
                    assertThat(outcome).isEqualTo(new PushOutcome.Postponed("INTERNAL", Duration.ofSeconds(10)));
                case UNAVAILABLE -> assertThat(outcome).isInstanceOf(PushOutcome.Postponed.class);
                case THIRD_PARTY_AUTH_ERROR ->
                    assertThat(outcome)
                            .isInstanceOfSatisfying(
                                    PushOutcome.PlatformRefused.class,
                                    refused -> assertThat(refused.reason()).contains("APNs key"));
            }
        });
        // The library would have repeated a 503, and a 401 as well, each time with a new access token.
        assertThat(fcm.messages()).hasSize(3);
        assertThat(fcm.issuedTokens()).isEqualTo(issued);
    }

    @ParameterizedTest
    @EnumSource(
            value = FcmError.class,
            names = {"QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL"})
    void retryAfter_isObeyed(FcmError error) {
        fcm.answerNext(error.answer().header("Retry-After", "7"));

        assertThat(service.send(List.of(wakeUp("token-1", true))))
                .singleElement()
                .isInstanceOfSatisfying(
                        PushOutcome.Postponed.class,
                        postponed -> assertThat(postponed.pause()).isEqualTo(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "000,1", "1,1", "3601,3600", "-1,10", "soon,10", "9999999,10"})
    void retryAfter_isBounded(String header, int seconds) {
        fcm.answerNext(FcmError.UNAVAILABLE.answer().header("Retry-After", header));

        assertThat(service.send(List.of(wakeUp("token-1", true))))
                .singleElement()
                .isInstanceOfSatisfying(
                        PushOutcome.Postponed.class,
                        postponed -> assertThat(postponed.pause()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @Test
    void fiveHundredMessages_haveTheirOutcomesInOrder() {
        fcm.answer("token-250", FcmError.UNREGISTERED.answer());
        var outcomes = service.send(wakeUps(500));

        assertThat(outcomes).hasSize(500);
        assertThat(IntStream.range(0, 500).filter(i -> !outcomes.get(i).equals(ACCEPTED)))
                .containsExactly(250);
    }

    @Test
    void batchOfTokensOfAnotherProject_isPostponed_andSaysWhatToDo() {
        fcm.answerAll(FcmError.SENDER_ID_MISMATCH.answer());

        assertThat(service.send(wakeUps(20)))
                .hasSize(20)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(PushOutcome.Postponed.class, postponed -> {
                            assertNamesTheSetting(postponed.reason());
                            assertThat(postponed.reason()).contains("relay.channel.fcm.project-id");
                        }));
        assertThat(service.send(wakeUps(19))).hasSize(19).hasOnlyElementsOfType(PushOutcome.TokenGone.class);
    }

    @Test
    void tokensOfAnotherProject_areGone_whenAnotherIsAccepted() {
        fcm.answerAll(FcmError.SENDER_ID_MISMATCH.answer());
        fcm.answerNext(Answer.json(200, Map.of("name", "projects/" + FakeFcm.PROJECT + "/messages/1")));

        var outcomes = service.send(wakeUps(30));

        assertThat(outcomes).filteredOn(ACCEPTED::equals).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome instanceof PushOutcome.TokenGone)
                .hasSize(29);
    }

    private static List<WakeUp> wakeUps(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> wakeUp("token-" + i, true))
                .toList();
    }

    /** As a proxy answers, or as what is left of an answer that is cut. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            value = {
                "200 | ``",
                "200 | []",
                "200 | null",
                "200 | \"text\"",
                "200 | {}",
                "200 | {\"name\":5}",
                "200 | {\"name\":\"projects/ncw-rel",
                "200 | <html>hello</html>",
                "302 | <html>moved</html>",
                "400 | <html>bad request</html>",
                "404 | <html>not found</html>",
                "400 | {\"error\":\"text\"}",
                "400 | {\"error\":{\"details\":5}}",
                "404 | {\"error\":{\"details\":[{\"errorCode\":\"UNREG",
                "500 | null",
                "502 | <html>bad gateway</html>",
            })
    void answerThatIsNotOfFcm_isPostponed_andConcernsItsMessageAlone(int status, String body) {
        var bytes = Bytes.of(body.getBytes(StandardCharsets.UTF_8));
        fcm.answer("token-50", Answer.reply(status, "text/html", bytes));

        var outcomes = service.send(wakeUps(100));

        assertThat(outcomes.get(50))
                .isEqualTo(new PushOutcome.Postponed(
                        "HTTP status " + status + ", with a body that is not FCM's", Duration.ofSeconds(10)));
        assertThat(outcomes).filteredOn(ACCEPTED::equals).hasSize(99);
        assertThat(fcm.messages()).hasSize(100);
    }

    @Test
    void connectionThatBreaks_isPostponed() {
        fcm.interruptions().nextRequests(1, Abort.RESET);

        assertThat(service.send(List.of(wakeUp("token-1", true))))
                .singleElement()
                .isInstanceOf(PushOutcome.Postponed.class);
    }

    @Test
    void answerWhoseBodyDoesNotEnd_isPostponed() throws Exception {
        fcm.answer("token-2", Answer.json(200, Map.of("name", "message-1")).slowBody(1, Duration.ofHours(1)));
        var transport = new FcmTransport(fcm.url(), Duration.ofSeconds(1));

        try (var other = service(fcm.credentials(), FakeFcm.PROJECT, transport)) {
            var outcomes = other.send(List.of(wakeUp("token-1", true), wakeUp("token-2", true)));

            assertThat(outcomes.getFirst()).isEqualTo(ACCEPTED);
            assertThat(outcomes.getLast())
                    .isEqualTo(new PushOutcome.Postponed("HttpTimeoutException", Duration.ofSeconds(10)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"text\"", "null", "{}", "{", "<html></html>", "{\"access_token\": 5}"})
    void tokenEndpointThatAnswersSomethingElse_isPostponed(String answer) throws Exception {
        try (var timer = new TimerDelay("token-endpoint");
                var endpoint = LocalServer.bind(0, new Interruptions(), timer)) {
            var json = Answer.reply(200, "application/json", Bytes.of(answer.getBytes(StandardCharsets.UTF_8)));
            endpoint.serve(List.of(), _ -> json);
            try (var other = service(fcm.credentials()
                    .replace(fcm.url().toString(), endpoint.url().toString()))) {
                assertThat(other.check()).hasValueSatisfying(FcmPushServiceTest::assertNamesTheSetting);
                assertThat(other.send(List.of(wakeUp("token-1", true))))
                        .singleElement()
                        .isInstanceOf(PushOutcome.Postponed.class);
            }
        }
        assertThat(fcm.messages()).isEmpty();
    }

    @Test
    void wrongCredentials_arePostponed_andSayWhatToDo() throws Exception {
        try (var other = service(fcm.foreignCredentials())) {
            assertThat(other.check()).hasValueSatisfying(FcmPushServiceTest::assertNamesTheSetting);
            assertThat(other.send(List.of(wakeUp("token-1", true))))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PushOutcome.Postponed.class, postponed -> assertNamesTheSetting(postponed.reason()));
        }
        assertThat(fcm.messages()).isEmpty();
        assertThat(service.check()).isEmpty();
    }

    @Test
    void accessTokenThatIsRefused_isReplacedOnce() {
        assertThat(service.check()).isEmpty();
        fcm.refuseCredentials();
        fcm.recover();
        int issued = fcm.issuedTokens();

        assertThat(service.send(wakeUps(2))).containsExactly(ACCEPTED, ACCEPTED);
        assertThat(fcm.issuedTokens()).isEqualTo(issued + 1);
    }

    @Test
    void otherProject_isPostponed_andSaysWhatToDo() throws Exception {
        try (var other = service(fcm.credentials(), "other-project")) {
            assertThat(other.send(List.of(wakeUp("token-1", true))))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PushOutcome.Postponed.class, postponed -> assertNamesTheSetting(postponed.reason()));
        }
    }

    @Test
    void uncheckedExceptionOfTheCredentials_isPostponed() {
        var broken = new GoogleCredentials() {
            @Override
            public AccessToken refreshAccessToken() {
                throw new IllegalStateException("of a test");
            }
        };
        try (var other = new FcmPushService(
                new FcmTransport(fcm.url()),
                broken,
                FakeFcm.PROJECT,
                new FcmMessage(CURSORS, Duration.ofHours(1), new MutableClock(NOW)))) {
            assertThat(other.send(List.of(wakeUp("token-1", true))))
                    .singleElement()
                    .isInstanceOf(PushOutcome.Postponed.class);
            assertThat(other.check()).hasValueSatisfying(FcmPushServiceTest::assertNamesTheSetting);
        }
    }

    private static void assertNamesTheSetting(String reason) {
        assertThat(reason).contains("relay.channel.fcm.credentials-file");
    }

    private static FcmPushService service(String credentials) throws Exception {
        return service(credentials, FakeFcm.PROJECT);
    }

    private static FcmPushService service(String credentials, String project) throws Exception {
        return service(credentials, project, new FcmTransport(fcm.url()));
    }

    private static FcmPushService service(String credentials, String project, FcmTransport transport) throws Exception {
        var file = Files.writeString(folder.resolve("credentials.json"), credentials);
        return new FcmPushService(
                transport,
                FcmCredentials.load(file, transport),
                project,
                new FcmMessage(CURSORS, Duration.ofHours(1), new MutableClock(NOW)));
    }

    private static WakeUp wakeUp(String token, boolean urgent) {
        var device = new RegisteredDevice("device", "wallet", "user", null, NOW, NOW, 1, -1, null);
        var subscription =
                new Subscription(new ChannelKey("device", "fcm", token), "id", 1, 0, device, Map.of("token", token));
        return new WakeUp(subscription, new Cursor(1, 1, 0, 42), urgent);
    }
}
