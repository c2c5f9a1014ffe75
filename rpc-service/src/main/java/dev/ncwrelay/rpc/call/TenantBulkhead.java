package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Limits the concurrent calls of a tenant; excess calls fail at once. */
final class TenantBulkhead implements Invoker {

    private final Invoker next;
    private final int maxCalls;

    /** At most one entry for each tenant with an account: calls of others do not get here. */
    private final Map<String, Semaphore> permits = new ConcurrentHashMap<>();

    /** @param maxCalls calls of one tenant that run or wait at once; 0 for no limit */
    TenantBulkhead(Invoker next, int maxCalls) {
        this.next = next;
        this.maxCalls = maxCalls;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        if (maxCalls == 0) {
            return next.invoke(request);
        }
        var tenant = request.tenant() == null ? "" : request.tenant();
        var permit = permits.computeIfAbsent(tenant, _ -> new Semaphore(maxCalls));
        if (!permit.tryAcquire()) {
            return new CallResult(
                    new Outcome.Unreachable("the tenant's limit of " + maxCalls + " concurrent calls is reached", true),
                    Duration.ZERO);
        }
        try {
            return next.invoke(request);
        } finally {
            permit.release();
        }
    }
}
