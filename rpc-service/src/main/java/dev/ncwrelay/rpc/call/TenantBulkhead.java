package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Keeps one tenant from taking all the room of an instance: what is over its share is answered, not carried out. */
final class TenantBulkhead implements Invoker {

    private final Invoker next;
    private final int maxCalls;

    /** No more than there are tenants with an account; of others no call comes here. */
    private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

    /** @param most calls of one tenant that run or wait at once; 0 for no limit */
    TenantBulkhead(Invoker next, int most) {
        this.next = next;
        this.maxCalls = most;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        if (maxCalls == 0) {
            return next.invoke(request);
        }
        var tenant = request.tenant() == null ? "" : request.tenant();
        var room = permits.computeIfAbsent(tenant, _ -> new Semaphore(maxCalls));
        if (!room.tryAcquire()) {
            return new CallResult(
                    new Outcome.Unreachable(
                            "the tenant has " + maxCalls + " calls under way here, as many as it may", true),
                    Duration.ZERO);
        }
        try {
            return next.invoke(request);
        } finally {
            room.release();
        }
    }
}
