package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.limit.AdaptiveRateLimiter;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitProperties;
import dev.ncwrelay.rpc.limit.PartitionShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The API users of one tenant: whose turn it is, and who is set aside. Safe for use by many threads.
 *
 * <p>If all are set aside, the one whose time ends first has the turn every few seconds all the same: a user that was put
 * right must not wait for long. Keys that were replaced are used at once.
 */
final class ApiUserPool {

    private static final Duration INITIAL_SUSPENSION = Duration.ofSeconds(30);
    private static final int MAX_DOUBLINGS = 4;

    /** One refusal may be a token's that was long on its way. */
    private static final int MIN_FAILURES = 3;

    private static final long PROBE_INTERVAL = Duration.ofSeconds(5).toNanos();

    private final List<Member> members = new ArrayList<>();
    private final LimitMetrics meters;
    private final LongSupplier nanos;
    private int first;
    private @Nullable FireblocksResponse refusal;
    private long probedAt;

    private static final class Member {
        private final ApiUser user;
        private final AdaptiveRateLimiter budget;
        private int failures;
        private int renewals;
        private long suspendedUntil;

        private Member(ApiUser user, AdaptiveRateLimiter budget, long now) {
            this.user = user;
            this.budget = budget;
            this.suspendedUntil = now;
        }

        private boolean isSuspended(long now) {
            return failures > 0 && renewals == user.credentialVersion() && suspendedUntil - now > 0;
        }
    }

    /** @param nanos the time, as {@link System#nanoTime} has it */
    ApiUserPool(
            List<ApiUser> users,
            PartitionShare share,
            LimitProperties limits,
            LimitMetrics meters,
            LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
        for (var user : users) {
            var budget = new AdaptiveRateLimiter(limits, share::value, nanos);
            members.add(new Member(user, budget, nanos.getAsLong()));
            meters.budget(user, budget);
        }
    }

    /** A user to call as. */
    final class Selection {
        private final Member member;
        private final Duration delay;

        private Selection(Member member, Duration delay) {
            this.member = member;
            this.delay = delay;
        }

        ApiUser user() {
            return member.user;
        }

        /** How long the call has to wait for the user's budget. */
        Duration delay() {
            return delay;
        }

        /** The call is not made. */
        void release() {
            member.budget.release();
        }

        /** Fireblocks accepted the user's token. */
        void accepted() {
            synchronized (ApiUserPool.this) {
                member.failures = 0;
            }
        }

        /** Fireblocks answered 401; returns for how long the user is not called as, if there are others. */
        Duration suspend(FireblocksResponse unauthorized) {
            synchronized (ApiUserPool.this) {
                refusal = unauthorized;
                probedAt = nanos.getAsLong();
                var aside = INITIAL_SUSPENSION.multipliedBy(1L << Math.min(member.failures, MAX_DOUBLINGS));
                member.failures++;
                member.renewals = member.user.credentialVersion();
                member.suspendedUntil = nanos.getAsLong() + aside.toNanos();
                meters.suspended(member.user);
                return aside;
            }
        }

        /** Fireblocks answered 429: the user's rate limit is met. */
        void rateLimited(Duration retryAfter) {
            member.budget.rateLimited(retryAfter);
            meters.limited(member.user);
        }
    }

    int size() {
        return members.size();
    }

    /** The last 401, while all users are set aside; empty when one may be accepted, or a call is due that finds it out. */
    synchronized Optional<Refused> cachedRefusal() {
        long now = nanos.getAsLong();
        var unauthorized = refusal;
        if (unauthorized == null
                || !members.stream().allMatch(member -> member.isSuspended(now) && member.failures >= MIN_FAILURES)) {
            return Optional.empty();
        }
        if (now - probedAt >= PROBE_INTERVAL) {
            probedAt = now;
            return Optional.empty();
        }
        return Optional.of(new Refused(unauthorized));
    }

    /**
     * The next to call as.
     *
     * @param tried users that are out of the question; not all of them
     */
    synchronized Selection next(Set<ApiUser> tried) {
        long now = nanos.getAsLong();
        @Nullable Selection best = null;
        @Nullable Member soonest = null;
        first++;
        for (int i = 0; i < members.size(); i++) {
            var member = members.get(Math.floorMod(first + i, members.size()));
            if (tried.contains(member.user)) {
                continue;
            }
            if (soonest == null || member.suspendedUntil - soonest.suspendedUntil < 0) {
                soonest = member;
            }
            if (member.isSuspended(now) || (best != null && best.delay.isZero())) {
                continue;
            }
            best = better(best, new Selection(member, member.budget.acquire()));
        }
        if (best != null) {
            return best;
        }
        if (soonest == null) {
            throw new IllegalArgumentException("all users were tried");
        }
        return new Selection(soonest, soonest.budget.acquire());
    }

    private static Selection better(@Nullable Selection one, Selection other) {
        if (one == null) {
            return other;
        }
        boolean isOther = other.delay.compareTo(one.delay) < 0;
        (isOther ? one : other).release();
        return isOther ? other : one;
    }
}
