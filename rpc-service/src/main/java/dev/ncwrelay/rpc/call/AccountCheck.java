package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Duration;

/** Fails calls of tenants without an account at once: waiting would not help. */
final class AccountCheck implements Invoker {

    private final Invoker next;
    private final Accounts accounts;

    AccountCheck(Invoker next, Accounts accounts) {
        this.next = next;
        this.accounts = accounts;
    }

    @Override
    public CallResult invoke(InvokeRequest request) throws InterruptedException {
        if (accounts.of(request.tenant()).isEmpty()) {
            return new CallResult(
                    new Outcome.Unreachable("there is no Fireblocks account for the tenant", true), Duration.ZERO);
        }
        return next.invoke(request);
    }
}
