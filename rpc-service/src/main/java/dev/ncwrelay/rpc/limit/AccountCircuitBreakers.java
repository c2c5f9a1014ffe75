package dev.ncwrelay.rpc.limit;

import dev.ncwrelay.rpc.credentials.Accounts;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One circuit breaker per account, so that one tenant's failures do not affect others. */
public final class AccountCircuitBreakers implements CallGate {

    private final Map<String, AccountCircuitBreaker> byTenant;

    /** @param nanos the current {@link System#nanoTime} */
    public AccountCircuitBreakers(Accounts accounts, LimitMetrics metrics, LongSupplier nanos) {
        this.byTenant = accounts.tenants().stream()
                .collect(Collectors.toUnmodifiableMap(tenant -> tenant, _ -> new AccountCircuitBreaker(nanos)));
        byTenant.forEach(metrics::breaker);
    }

    /**
     * The circuit breaker of a tenant's account, null being the default one.
     *
     * @throws IllegalArgumentException when the tenant has no account
     */
    public AccountCircuitBreaker of(@Nullable String tenant) {
        var breaker = byTenant.get(tenant == null ? "" : tenant);
        if (breaker == null) {
            throw new IllegalArgumentException("the tenant has no account");
        }
        return breaker;
    }

    /** Whether there are several accounts. */
    public boolean hasSeveralAccounts() {
        return byTenant.size() > 1;
    }

    /** False while any account can be called: its requests must not wait for those of others. */
    @Override
    public boolean isBlocked() {
        Collection<AccountCircuitBreaker> all = byTenant.values();
        return !all.isEmpty() && all.stream().allMatch(breaker -> breaker.state() == AccountCircuitBreaker.State.OPEN);
    }
}
