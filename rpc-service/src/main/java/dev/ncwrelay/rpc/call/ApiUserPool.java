package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.limit.AdaptiveRateLimiter;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitProperties;
import dev.ncwrelay.rpc.limit.PartitionShare;
import dev.ncwrelay.rpc.sign.ApiUser;
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

    private static final Duration FIRST_ASIDE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 4;

    /** One refusal may be a token's that was long on its way. */
    private static final int STANDING_FAILURES = 3;

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
        private long asideUntil;

        private Member(ApiUser user, AdaptiveRateLimiter budget, long now) {
            this.user = user;
            this.budget = budget;
            this.asideUntil = now;
        }

        private boolean isAside(long now) {
            return failures > 0 && renewals == user.renewals() && asideUntil - now > 0;
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
    final class Turn {
        private final Member member;
        private final Duration delay;

        private Turn(Member member, Duration delay) {
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
        void giveBack() {
            member.budget.giveBack();
        }

        /** Fireblocks accepted the user's token. */
        void served() {
            synchronized (ApiUserPool.this) {
                member.failures = 0;
            }
        }

        /** Fireblocks answered 401; returns for how long the user is not called as, if there are others. */
        Duration setAside(FireblocksResponse unauthorized) {
            synchronized (ApiUserPool.this) {
                refusal = unauthorized;
                probedAt = nanos.getAsLong();
                var aside = FIRST_ASIDE.multipliedBy(1L << Math.min(member.failures, MOST_DOUBLINGS));
                member.failures++;
                member.renewals = member.user.renewals();
                member.asideUntil = nanos.getAsLong() + aside.toNanos();
                meters.setAside(member.user);
                return aside;
            }
        }

        /** Fireblocks answered 429: the user's rate limit is met. */
        void refused(Duration retryAfter) {
            member.budget.refused(retryAfter);
            meters.limited(member.user);
        }
    }

    int size() {
        return members.size();
    }

    /** The last 401, while all users are set aside; empty when one may be accepted, or a call is due that finds it out. */
    synchronized Optional<Refused> standingRefusal() {
        long now = nanos.getAsLong();
        var unauthorized = refusal;
        if (unauthorized == null
                || !members.stream().allMatch(member -> member.isAside(now) && member.failures >= STANDING_FAILURES)) {
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
    synchronized Turn next(Set<ApiUser> tried) {
        long now = nanos.getAsLong();
        @Nullable Turn best = null;
        @Nullable Member soonest = null;
        first++;
        for (int i = 0; i < members.size(); i++) {
            var member = members.get(Math.floorMod(first + i, members.size()));
            if (tried.contains(member.user)) {
                continue;
            }
            if (soonest == null || member.asideUntil - soonest.asideUntil < 0) {
                soonest = member;
            }
            if (member.isAside(now) || (best != null && best.delay.isZero())) {
                continue;
            }
            best = better(best, new Turn(member, member.budget.take()));
        }
        if (best != null) {
            return best;
        }
        if (soonest == null) {
            throw new IllegalArgumentException("all users were tried");
        }
        return new Turn(soonest, soonest.budget.take());
    }

    private static Turn better(@Nullable Turn one, Turn other) {
        if (one == null) {
            return other;
        }
        boolean isOther = other.delay.compareTo(one.delay) < 0;
        (isOther ? one : other).giveBack();
        return isOther ? other : one;
    }
}
