package dev.ncwrelay.rpc.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.partition.RequestDeduplicator.Admission;
import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestDeduplicatorTest {

    private static final Duration MEMORY = Duration.ofMinutes(5);
    private static final int MAX_ANSWERED = 50_000;

    private final AtomicLong nanos = new AtomicLong();
    private final RequestDeduplicator requests = new RequestDeduplicator(Map.of(), MEMORY, nanos::get);

    @Test
    void answered_remembersTheNewest() {
        for (int request = 0; request < 2 * MAX_ANSWERED; request++) {
            requests.answered(key(request), request);
        }

        for (int request = MAX_ANSWERED; request < 2 * MAX_ANSWERED; request++) {
            assertThat(requests.admit(key(request), 0)).isEqualTo(new Admission.Answered(request));
        }
        assertThat(requests.admit(key(MAX_ANSWERED - 1), 0)).isEqualTo(new Admission.First());
    }

    @Test
    void answered_isForgottenAfterItsTime() {
        requests.answered(key(1), 10);

        nanos.addAndGet(MEMORY.toNanos());
        assertThat(requests.admit(key(1), 0)).isEqualTo(new Admission.Answered(10));

        nanos.incrementAndGet();
        assertThat(requests.admit(key(1), 0)).isEqualTo(new Admission.First());
    }

    @Test
    void inheritedReply_doesNotReplaceAnEarlierOne() {
        requests.answered(key(1), 10);

        requests.inheritedReply(key(1), 11);

        assertThat(requests.admit(key(1), 0)).isEqualTo(new Admission.Answered(10));
    }

    private static RequestKey key(int request) {
        return new RequestKey("device", "request-" + request);
    }
}
