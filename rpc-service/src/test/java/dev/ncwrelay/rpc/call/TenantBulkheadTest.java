package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TenantBulkheadTest {

    private static final Outcome DONE = new Outcome.TimedOut("injected");

    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(2);
    private final Invoker slow = request -> {
        held.countDown();
        gate.await();
        return new CallResult(DONE, Duration.ZERO);
    };

    @Test
    void tenantAtItsLimit_isRejectedAndOthersAreNot() throws Exception {
        // Given
        var bulkhead = new TenantBulkhead(slow, 1);
        var first = start(bulkhead, "acme");
        var other = start(bulkhead, null);
        held.await();

        // When
        var refused = invoke(bulkhead, "acme");
        gate.countDown();

        // Then
        assertThat(refused).isInstanceOf(Outcome.Unreachable.class);
        assertThat(first.join()).isEqualTo(DONE);
        assertThat(other.join()).isEqualTo(DONE);
        assertThat(invoke(bulkhead, "acme")).isEqualTo(DONE);
    }

    @Test
    void noLimit_isUnbounded() throws Exception {
        var unbounded = new TenantBulkhead(slow, 0);
        var first = start(unbounded, "acme");
        var second = start(unbounded, "acme");

        held.await();
        gate.countDown();

        assertThat(first.join()).isEqualTo(DONE);
        assertThat(second.join()).isEqualTo(DONE);
    }

    /** On a thread of its own: the common pool may have only one. */
    private static CompletableFuture<Outcome> start(Invoker invoker, @Nullable String tenant) {
        var outcome = new CompletableFuture<Outcome>();
        var _ = Thread.ofVirtual().start(() -> outcome.complete(invoke(invoker, tenant)));
        return outcome;
    }

    private static Outcome invoke(Invoker invoker, @Nullable String tenant) {
        var request = Calls.request("device-1", Calls.payload("get_all_keys"), Duration.ofSeconds(30));
        try {
            return invoker.invoke(new InvokeRequest(
                            request.requestId(),
                            request.deviceId(),
                            request.walletId(),
                            tenant,
                            request.body(),
                            request.method(),
                            request.deadline()))
                    .outcome();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
