package dev.ncwrelay.delivery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.util.unit.DataSize;

class BoundedRequestTest {

    private static final DataSize MEGABYTE = DataSize.ofMegabytes(1);
    private static final int SMALL = 1_000;

    private final HttpSettings settings = new HttpSettings(
            MEGABYTE,
            DataSize.ofMegabytes(4),
            DataSize.ofKilobytes(32),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            100,
            100);
    private final BodyBudget budget = new BodyBudget(settings.maxBodies().toBytes());
    private long seconds;

    @Test
    void bytes_countUntilTheRequestIsClosed() throws IOException {
        try (var request = request(SMALL)) {
            assertThat(request.getInputStream().readAllBytes()).hasSize(SMALL);
            assertThat(budget.used()).isEqualTo(SMALL);
        }
        assertThat(budget.used()).isZero();
    }

    @Test
    void largeBodies_beyondTheirShare_areRejected_smallOnesAreNot() throws IOException {
        var large = IntStream.range(0, 3)
                .mapToObj(_ -> request((int) MEGABYTE.toBytes()))
                .toList();
        for (var request : large) {
            request.getInputStream().readAllBytes();
        }

        try (var another = request((int) MEGABYTE.toBytes());
                var small = request(SMALL)) {
            assertRefused(
                    new Failure.Unavailable("too many request bodies in memory"),
                    () -> another.getInputStream().readAllBytes());
            assertThat(small.getInputStream().readAllBytes()).hasSize(SMALL);
        }
        large.forEach(BoundedRequest::close);
        assertThat(budget.used()).isZero();
    }

    @Test
    void tooLargeBody_isRejectedAndReleasesItsBytes() {
        try (var request = request((int) MEGABYTE.toBytes() + 1)) {
            assertRefused(
                    new Failure.BodyTooLarge(MEGABYTE.toBytes()),
                    () -> request.getInputStream().readAllBytes());
        }
        assertThat(budget.used()).isZero();
    }

    @Test
    void slowBody_isRejected() throws IOException {
        try (var request = request((int) MEGABYTE.toBytes())) {
            var body = request.getInputStream();
            seconds = 9;
            assertThat(body.readNBytes(320 * 1024)).hasSize(320 * 1024);
            seconds = 10;
            assertThat(body.read()).isNotNegative();
            seconds = 19;
            assertThat(body.read()).isNotNegative();
            seconds = 20;
            assertRefused(new Failure.BodyTooSlow(), body::readAllBytes);
        }
    }

    private BoundedRequest request(int bytes) {
        var request = new MockHttpServletRequest();
        request.setContent(new byte[bytes]);
        return new BoundedRequest(request, new BodyMeter(settings, budget, () -> TimeUnit.SECONDS.toNanos(seconds)));
    }

    private static void assertRefused(Failure failure, ThrowingCallable reading) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        FailureException.class,
                        refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
