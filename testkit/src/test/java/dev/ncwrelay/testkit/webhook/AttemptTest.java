package dev.ncwrelay.testkit.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AttemptTest {

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void worthRepeating_ofAFailure_isTrue(int status) {
        var attempt = attempt(new Attempt.Result.Answered(status, ""));

        assertThat(attempt.worthRepeating()).isTrue();
        assertThat(attempt.delivered()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 403, 404, 409, 413, 422})
    void worthRepeating_ofARejection_isFalse(int status) {
        var attempt = attempt(new Attempt.Result.Answered(status, ""));

        assertThat(attempt.worthRepeating()).isFalse();
        assertThat(attempt.delivered()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 204})
    void success_isDelivered(int status) {
        assertThat(attempt(new Attempt.Result.Answered(status, "")).delivered()).isTrue();
    }

    @Test
    void worthRepeating_ofATimeout_isTrue() {
        assertThat(attempt(new Attempt.Result.TimedOut()).worthRepeating()).isTrue();
        assertThat(attempt(new Attempt.Result.NoResponse("refused")).worthRepeating())
                .isTrue();
    }

    private static Attempt attempt(Attempt.Result result) {
        return new Attempt(1, Instant.EPOCH, Duration.ZERO, result);
    }
}
