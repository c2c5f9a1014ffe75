package dev.ncwrelay.rpc.limit;

import dev.ncwrelay.rpc.credentials.Accounts;
import java.util.Collection;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A breaker for each account: what one tenant's credentials meet says nothing about another's. */
public final class AccountCircuitBreakers implements CallGate {

    private final Map<String, AccountCircuitBreaker> byTenant;

    /** @param nanos the time, as {@link System#nanoTime} has it */
    public AccountCircuitBreakers(Accounts accounts, LimitMetrics meters, LongSupplier nanos) {
        this.byTenant = accounts.tenants().stream()
                .collect(Collectors.toUnmodifiableMap(tenant -> tenant, _ -> new AccountCircuitBreaker(nanos)));
        byTenant.forEach(meters::breaker);
    }

    /**
     * The breaker of a tenant's account, null being the default one.
     *
     * @throws IllegalArgumentException when the tenant has no account
     */
    public AccountCircuitBreaker of(@Nullable String tenant) {
        var breaker = byTenant.get(tenant == null ? "" : tenant);
        if (breaker == null) {
            throw new IllegalArgumentException("a call in the name of no account");
        }
        return breaker;
    }

    /** Whether requests of several accounts share this instance. */
    public boolean hasSeveralAccounts() {
        return byTenant.size() > 1;
    }

    /** While one account can be called, its requests must not wait for those of others. */
    @Override
    public boolean isOpen() {
        Collection<AccountCircuitBreaker> all = byTenant.values();
        return !all.isEmpty() && all.stream().allMatch(breaker -> breaker.state() == AccountCircuitBreaker.State.OPEN);
    }
}
