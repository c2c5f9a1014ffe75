package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.wake.PushOutcome;
import dev.ncwrelay.testkit.fcm.FakeFcm;
import dev.ncwrelay.testkit.fcm.FcmError;
import dev.ncwrelay.testkit.http.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What errors of FCM mean. */
class FcmOutcomeTest {

    @RegisterExtension
    private static final FcmFixture fixture = new FcmFixture();

    @ParameterizedTest
    @EnumSource
    void everyError_hasItsOutcome(FcmError error) {
        fixture.service().send(List.of(FcmFixture.wakeUp("token-0", true)));
        fixture.fcm().forget();
        fixture.fcm().answer("token-2", error.answer());
        int issued = fixture.fcm().issuedTokens();

        var outcomes = fixture.service()
                .send(List.of(
                        FcmFixture.wakeUp("token-1", true),
                        FcmFixture.wakeUp("token-2", true),
                        FcmFixture.wakeUp("token-3", true)));

        assertThat(outcomes.getFirst()).isEqualTo(FcmFixture.ACCEPTED);
        assertThat(outcomes.getLast()).isEqualTo(FcmFixture.ACCEPTED);
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
        assertThat(fixture.fcm().messages()).hasSize(3);
        assertThat(fixture.fcm().issuedTokens()).isEqualTo(issued);
    }

    @ParameterizedTest
    @EnumSource(
            value = FcmError.class,
            names = {"QUOTA_EXCEEDED", "UNAVAILABLE", "INTERNAL"})
    void retryAfter_isObeyed(FcmError error) {
        fixture.fcm().answerNext(error.answer().header("Retry-After", "7"));

        assertThat(fixture.service().send(List.of(FcmFixture.wakeUp("token-1", true))))
                .singleElement()
                .isInstanceOfSatisfying(
                        PushOutcome.Postponed.class,
                        postponed -> assertThat(postponed.pause()).isEqualTo(Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "000,1", "1,1", "3601,3600", "-1,10", "soon,10", "9999999,10"})
    void retryAfter_isBounded(String header, int seconds) {
        fixture.fcm().answerNext(FcmError.UNAVAILABLE.answer().header("Retry-After", header));

        assertThat(fixture.service().send(List.of(FcmFixture.wakeUp("token-1", true))))
                .singleElement()
                .isInstanceOfSatisfying(
                        PushOutcome.Postponed.class,
                        postponed -> assertThat(postponed.pause()).isEqualTo(Duration.ofSeconds(seconds)));
    }

    @Test
    void batchOfTokensOfAnotherProject_isPostponed_andSaysWhatToDo() {
        fixture.fcm().answerAll(FcmError.SENDER_ID_MISMATCH.answer());

        assertThat(fixture.service().send(FcmFixture.wakeUps(20)))
                .hasSize(20)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(PushOutcome.Postponed.class, postponed -> {
                            FcmFixture.assertNamesTheSetting(postponed.reason());
                            assertThat(postponed.reason()).contains("relay.channel.fcm.project-id");
                        }));
        assertThat(fixture.service().send(FcmFixture.wakeUps(19)))
                .hasSize(19)
                .hasOnlyElementsOfType(PushOutcome.TokenGone.class);
    }

    @Test
    void tokensOfAnotherProject_areGone_whenAnotherIsAccepted() {
        fixture.fcm().answerAll(FcmError.SENDER_ID_MISMATCH.answer());
        fixture.fcm().answerNext(Answer.json(200, Map.of("name", "projects/" + FakeFcm.PROJECT + "/messages/1")));

        var outcomes = fixture.service().send(FcmFixture.wakeUps(30));

        assertThat(outcomes).filteredOn(FcmFixture.ACCEPTED::equals).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> outcome instanceof PushOutcome.TokenGone)
                .hasSize(29);
    }
}
