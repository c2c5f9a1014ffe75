package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.call.Outcome.Refused;
import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.limit.AdaptiveRateLimiter;
import dev.ncwrelay.rpc.limit.LimitMetrics;
import dev.ncwrelay.rpc.limit.LimitSettings;
import dev.ncwrelay.rpc.limit.PartitionShare;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The API users of one tenant: selection, and suspension after rejected tokens. Safe for use by many threads.
 *
 * <p>If all are suspended, the one whose suspension ends first is selected every few seconds as a probe, so that
 * corrected credentials are used soon. Replaced credentials are used at once.
 */
final class ApiUserPool {

    private static final Duration INITIAL_SUSPENSION = Duration.ofSeconds(30);
    private static final int MAX_DOUBLINGS = 4;

    /** A token that was unplugged or restarted is soon back. */
    private static final Duration UNSIGNED_SUSPENSION = Duration.ofSeconds(5);

    /** A single rejection may be due to a token that was in transit for long. */
    private static final int MIN_FAILURES = 3;

    private static final long PROBE_INTERVAL = Duration.ofSeconds(5).toNanos();

    private final List<Member> members = new ArrayList<>();
    private final LimitMetrics metrics;
    private final LongSupplier nanos;
    private int first;
    private @Nullable FireblocksResponse refusal;
    private long probedAt;

    private static final class Member {
        private final ApiUser user;
        private final AdaptiveRateLimiter rateLimiter;
        private int failures;
        private int renewals;
        private long suspendedUntil;

        private Member(ApiUser user, AdaptiveRateLimiter rateLimiter, long now) {
            this.user = user;
            this.rateLimiter = rateLimiter;
            this.suspendedUntil = now;
        }

        private boolean isSuspended(long now) {
            return failures > 0 && renewals == user.credentialVersion() && suspendedUntil - now > 0;
        }
    }

    /** @param nanos the current {@link System#nanoTime} */
    ApiUserPool(
            List<ApiUser> users, PartitionShare share, LimitSettings limits, LimitMetrics metrics, LongSupplier nanos) {
        this.metrics = metrics;
        this.nanos = nanos;
        for (var user : users) {
            var rateLimiter = new AdaptiveRateLimiter(limits, share::value, nanos);
            members.add(new Member(user, rateLimiter, nanos.getAsLong()));
            metrics.rateLimiter(user, rateLimiter);
        }
    }

    /** A selected user. */
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

        /** How long the call has to wait for the user's rate limit. */
        Duration delay() {
            return delay;
        }

        /** The call is not made as this user: returns the token of the rate limit. */
        void release() {
            member.rateLimiter.release();
        }

        /** Fireblocks accepted the user's token. */
        void accepted() {
            synchronized (ApiUserPool.this) {
                member.failures = 0;
            }
        }

        /** Fireblocks has replied 401. Returns for how long the user is suspended, if there are others. */
        Duration suspend(FireblocksResponse unauthorized) {
            synchronized (ApiUserPool.this) {
                refusal = unauthorized;
                probedAt = nanos.getAsLong();
                var suspension = INITIAL_SUSPENSION.multipliedBy(1L << Math.min(member.failures, MAX_DOUBLINGS));
                member.failures++;
                member.renewals = member.user.credentialVersion();
                member.suspendedUntil = nanos.getAsLong() + suspension.toNanos();
                metrics.unauthorized(member.user);
                return suspension;
            }
        }

        /** The user's key did not sign: the user is suspended for a while, if there are others. */
        void notSigned() {
            synchronized (ApiUserPool.this) {
                refusal = null;
                member.failures++;
                member.renewals = member.user.credentialVersion();
                member.suspendedUntil = nanos.getAsLong() + UNSIGNED_SUSPENSION.toNanos();
                metrics.notSigned(member.user);
            }
        }

        /** Fireblocks has replied 429: the user's rate limit is reached. */
        void rateLimited(Duration retryAfter) {
            member.rateLimiter.rateLimited(retryAfter);
            metrics.rateLimited(member.user);
        }
    }

    int size() {
        return members.size();
    }

    /** The last 401, while all users are suspended; empty when one is available, or when a probe is due. */
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
     * Selects the next user.
     *
     * @param tried users that are not selected again; not all of them
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
            best = better(best, new Selection(member, member.rateLimiter.acquire()));
        }
        if (best != null) {
            return best;
        }
        if (soonest == null) {
            throw new IllegalArgumentException("all users were tried");
        }
        return new Selection(soonest, soonest.rateLimiter.acquire());
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
