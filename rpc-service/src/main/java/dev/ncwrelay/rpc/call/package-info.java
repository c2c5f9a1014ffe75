/**
 * Calls Fireblocks' invoke RPC. {@link Invoker} returns a {@link CallResult} with one {@link Outcome};
 * {@link CallConfiguration} stacks its decorators: account check, tenant bulkhead, retries, failover between API
 * users, circuit breaker, and one signed HTTP attempt.
 */
@NullMarked
package dev.ncwrelay.rpc.call;

import org.jspecify.annotations.NullMarked;
