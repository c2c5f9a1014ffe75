package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.wake.PushOutcome;
import dev.ncwrelay.schemas.FcmChannel;
import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fcm.FcmError;
import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Google's library against the fake: messages, batches and lost answers. */
class FcmPushServiceTest {

    @RegisterExtension
    private static final FcmFixture fixture = new FcmFixture();

    @Test
    void message_hasNothingButAHashAndACursor() {
        var wakeUp = FcmFixture.wakeUp("token-1", true);

        assertThat(fixture.service().send(List.of(wakeUp))).containsExactly(FcmFixture.ACCEPTED);

        var hash = FcmChannel.hashOf("device");
        var expected =
                """
            {"message": {
              "token": "token-1",
              "data": {"relay": "1", "device": "HASH", "cursor": "CURSOR"},
              "android": {"collapse_key": "HASH", "priority": "high", "ttl": "3600s"},
              "apns": {
                "headers": {"apns-push-type": "background", "apns-priority": "5",
                            "apns-expiration": "1767229200", "apns-collapse-id": "HASH"},
                "payload": {"aps": {"content-available": 1}}},
              "webpush": {"headers": {"TTL": "3600", "Urgency": "high", "Topic": "HASH"}}}}\
            """.replace("HASH", hash).replace("CURSOR", FcmFixture.CURSORS.encode("device", wakeUp.newest()));
        assertThat(fixture.fcm().messages())
                .singleElement()
                .satisfies(message -> assertThat(
                                JsonMapper.shared().readTree(message.body().utf8()))
                        .isEqualTo(JsonMapper.shared().readTree(expected)));
    }

    @Test
    void messageThatIsNotUrgent_hasNormalPriority() {
        fixture.service().send(List.of(FcmFixture.wakeUp("token-1", false)));

        assertThat(fixture.fcm().messages())
                .singleElement()
                .satisfies(message -> assertThat(message.body().utf8())
                        .contains("\"priority\":\"normal\"", "\"Urgency\":\"normal\""));
    }

    @Test
    void fiveHundredMessages_haveTheirOutcomesInOrder() {
        fixture.fcm().answer("token-250", FcmError.UNREGISTERED.answer());
        var outcomes = fixture.service().send(FcmFixture.wakeUps(500));

        assertThat(outcomes).hasSize(500);
        assertThat(IntStream.range(0, 500).filter(i -> !outcomes.get(i).equals(FcmFixture.ACCEPTED)))
                .containsExactly(250);
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
        fixture.fcm().answer("token-50", Answer.reply(status, "text/html", bytes));

        var outcomes = fixture.service().send(FcmFixture.wakeUps(100));

        assertThat(outcomes.get(50))
                .isEqualTo(new PushOutcome.Postponed(
                        "HTTP status " + status + ", with a body that is not FCM's", Duration.ofSeconds(10)));
        assertThat(outcomes).filteredOn(FcmFixture.ACCEPTED::equals).hasSize(99);
        assertThat(fixture.fcm().messages()).hasSize(100);
    }

    @Test
    void connectionThatBreaks_isPostponed() {
        fixture.fcm().interruptions().nextRequests(1, Abort.RESET);

        assertThat(fixture.service().send(List.of(FcmFixture.wakeUp("token-1", true))))
                .containsExactly(new PushOutcome.Postponed(
                        "the connection was lost, or the answer cannot be read", Duration.ofSeconds(10)));
    }

    @Test
    void answerWhoseBodyDoesNotEnd_isPostponed() throws Exception {
        fixture.fcm()
                .answer("token-2", Answer.json(200, Map.of("name", "message-1")).slowBody(1, Duration.ofHours(1)));
        var transport = new FcmTransport(fixture.fcm().url(), Duration.ofSeconds(1));

        try (var other = fixture.service(fixture.fcm().credentials(), FakeFcm.PROJECT, transport)) {
            var outcomes = other.send(List.of(FcmFixture.wakeUp("token-1", true), FcmFixture.wakeUp("token-2", true)));

            assertThat(outcomes.getFirst()).isEqualTo(FcmFixture.ACCEPTED);
            assertThat(outcomes.getLast())
                    .isEqualTo(new PushOutcome.Postponed("no answer in time", Duration.ofSeconds(10)));
        }
    }

    @Test
    void serverThatIsAway_isPostponed() throws Exception {
        var transport = new FcmTransport(URI.create("http://127.0.0.1:1"));

        try (var other = fixture.service(fixture.fcm().credentials(), FakeFcm.PROJECT, transport)) {
            assertThat(other.send(List.of(FcmFixture.wakeUp("token-1", true))))
                    .containsExactly(new PushOutcome.Postponed("no connection", Duration.ofSeconds(10)));
        }
    }
}
