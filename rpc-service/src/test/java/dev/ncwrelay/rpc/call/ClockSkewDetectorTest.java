package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ClockSkewDetectorTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:01:30Z");
    private static final String MIDNIGHT = "Thu, 01 Jan 2026 00:00:00 GMT";

    private final ClockSkewDetector skew = new ClockSkewDetector(Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @ValueSource(ints = {-10, -12})
    void clockSkew_isLoggedOnce(int code, CapturedOutput output) {
        skew.logIfSkewed(refusal("{\"message\":\"JWT is not valid\",\"code\":" + code + "}", MIDNIGHT));
        skew.logIfSkewed(refusal("{\"code\":" + code + "}", MIDNIGHT));

        assertThat(output.getAll()).containsOnlyOnce("because of clock skew").contains("secondsAhead=\"90\"");
    }

    @Test
    void clockSkew_isLoggedWithoutADateHeader(CapturedOutput output) {
        skew.logIfSkewed(refusal("{\"code\":-12}", null));

        assertThat(output.getAll()).contains("because of clock skew", "unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"code\":-1}", "{}", "not JSON", "{\"code\":\"-12x\"}"})
    void otherRejection_isNotClockSkew(String body, CapturedOutput output) {
        skew.logIfSkewed(refusal(body, MIDNIGHT));

        assertThat(output.getAll()).doesNotContain("differ");
    }

    private static FireblocksResponse refusal(String body, @Nullable String date) {
        return new FireblocksResponse(401, "application/octet-stream", null, date, ByteString.encodeUtf8(body));
    }
}
