package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.credentials.Accounts;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitSettings;
import dev.ncwrelay.rpc.limit.PartitionShare;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The pools of all tenants. */
final class ApiUserPools {

    private final Accounts accounts;
    private final PartitionShare share;
    private final LimitSettings limits;
    private final LimitMetrics metrics;
    private final LongSupplier nanos;
    private final ApiUserPool empty;
    private final Map<String, ApiUserPool> pools = new ConcurrentHashMap<>();

    ApiUserPools(
            Accounts accounts, PartitionShare share, LimitSettings limits, LimitMetrics metrics, LongSupplier nanos) {
        this.accounts = accounts;
        this.share = share;
        this.limits = limits;
        this.metrics = metrics;
        this.nanos = nanos;
        this.empty = new ApiUserPool(List.of(), share, limits, metrics, nanos);
    }

    /** The pool of a tenant, null being the default one; empty when it has no account. */
    ApiUserPool of(@Nullable String tenant) {
        var users = accounts.of(tenant);
        return users.isEmpty()
                ? empty
                : pools.computeIfAbsent(
                        tenant == null ? "" : tenant, _ -> new ApiUserPool(users, share, limits, metrics, nanos));
    }
}
