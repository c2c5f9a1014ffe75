/**
 * Limits on calls to Fireblocks: a rate limit for each API user that adapts to 429 ({@link AdaptiveRateLimiter}),
 * shared by instances in proportion to their partitions, and a circuit breaker for each account. While the breakers
 * of all accounts are open, {@link CallGate} pauses the consumer.
 */
@NullMarked
package dev.ncwrelay.rpc.limit;

import org.jspecify.annotations.NullMarked;
