package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Keeps one tenant from taking all the room of an instance: what is over its share is answered, not carried out. */
final class TenantBulkhead implements Invoker {

    private final Invoker next;
    private final int most;

    /** No more than there are tenants with an account; of others no call comes here. */
    private final Map<String, Semaphore> rooms = new ConcurrentHashMap<>();

    /** @param most calls of one tenant that run or wait at once; 0 for no limit */
    TenantBulkhead(Invoker next, int most) {
        this.next = next;
        this.most = most;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        if (most == 0) {
            return next.invoke(request);
        }
        var tenant = request.tenant() == null ? "" : request.tenant();
        var room = rooms.computeIfAbsent(tenant, _ -> new Semaphore(most));
        if (!room.tryAcquire()) {
            return new CallResult(
                    new Outcome.Unreachable(
                            "the tenant has " + most + " calls under way here, as many as it may", true),
                    Duration.ZERO);
        }
        try {
            return next.invoke(request);
        } finally {
            room.release();
        }
    }
}
