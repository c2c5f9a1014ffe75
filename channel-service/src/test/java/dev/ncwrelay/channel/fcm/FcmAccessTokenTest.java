package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.ncwrelay.channel.wake.PushOutcome;
import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.TimerDelay;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials, access tokens and the token endpoint. */
class FcmAccessTokenTest {

    @RegisterExtension
    private static final FcmFixture fixture = new FcmFixture();

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "\"text\"", "null", "{}", "{", "<html></html>", "{\"access_token\": 5}"})
    void tokenEndpointThatAnswersSomethingElse_isPostponed(String answer) throws Exception {
        try (var timer = new TimerDelay("token-endpoint");
                var endpoint = LocalServer.bind(0, new Interruptions(), timer)) {
            var json = Answer.reply(200, "application/json", Bytes.of(answer.getBytes(StandardCharsets.UTF_8)));
            endpoint.serve(List.of(), _ -> json);
            try (var other = fixture.service(fixture.fcm()
                    .credentials()
                    .replace(fixture.fcm().url().toString(), endpoint.url().toString()))) {
                assertThat(other.check()).hasValueSatisfying(FcmFixture::assertNamesTheSetting);
                assertThat(other.send(List.of(FcmFixture.wakeUp("token-1", true))))
                        .singleElement()
                        .isInstanceOf(PushOutcome.Postponed.class);
            }
        }
        assertThat(fixture.fcm().messages()).isEmpty();
    }

    @Test
    void wrongCredentials_arePostponed_andSayWhatToDo() throws Exception {
        try (var other = fixture.service(fixture.fcm().foreignCredentials())) {
            assertThat(other.check()).hasValueSatisfying(FcmFixture::assertNamesTheSetting);
            assertThat(other.send(List.of(FcmFixture.wakeUp("token-1", true))))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PushOutcome.Postponed.class,
                            postponed -> FcmFixture.assertNamesTheSetting(postponed.reason()));
        }
        assertThat(fixture.fcm().messages()).isEmpty();
        assertThat(fixture.service().check()).isEmpty();
    }

    @Test
    void accessTokenThatIsRefused_isReplacedOnce() {
        assertThat(fixture.service().check()).isEmpty();
        fixture.fcm().refuseCredentials();
        fixture.fcm().recover();
        int issued = fixture.fcm().issuedTokens();

        assertThat(fixture.service().send(FcmFixture.wakeUps(2)))
                .containsExactly(FcmFixture.ACCEPTED, FcmFixture.ACCEPTED);
        assertThat(fixture.fcm().issuedTokens()).isEqualTo(issued + 1);
    }

    @Test
    void otherProject_isPostponed_andSaysWhatToDo() throws Exception {
        try (var other = fixture.service(fixture.fcm().credentials(), "other-project")) {
            assertThat(other.send(List.of(FcmFixture.wakeUp("token-1", true))))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            PushOutcome.Postponed.class,
                            postponed -> FcmFixture.assertNamesTheSetting(postponed.reason()));
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
                new FcmTransport(fixture.fcm().url()), broken, FakeFcm.PROJECT, FcmFixture.MESSAGES)) {
            assertThat(other.send(List.of(FcmFixture.wakeUp("token-1", true))))
                    .singleElement()
                    .isInstanceOf(PushOutcome.Postponed.class);
            assertThat(other.check()).hasValueSatisfying(FcmFixture::assertNamesTheSetting);
        }
    }
}
