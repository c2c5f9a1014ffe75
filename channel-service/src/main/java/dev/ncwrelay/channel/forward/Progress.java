package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.subscription.Subscription;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far the events of a subscription are forwarded. */
sealed interface Progress {

    Subscription subscription();

    /** The first offset that is not forwarded. */
    long next();

    /** The progress after the event at this offset was sent. */
    Progress sent(long offset, SendOutcome outcome, Instant now);

    /** Events are forwarded as they arrive. */
    record Active(Subscription subscription, long next, Instant since) implements Progress {

        @Override
        public Progress sent(long offset, SendOutcome outcome, Instant now) {
            return switch (outcome) {
                case SendOutcome.Accepted() -> new Active(subscription, offset + 1, since);
                case SendOutcome.Refused(var reason) ->
                    new Behind(subscription, offset, true, reason, true, now, now, 0).postponed(now);
                case SendOutcome.Gone(var reason) -> new Broken(subscription, offset, reason, now);
            };
        }
    }

    /**
     * Events before the partition's position are not forwarded yet: the subscription is new, or its channel refused one.
     *
     * @param open whether the channel is ready
     * @param refusal why the channel refused the next event, or could not be opened; null when neither happened
     * @param alone whether the channel has refused an event since it was active
     * @param retryAt when it is tried next
     * @param attempts attempts that were refused
     */
    record Behind(
            Subscription subscription,
            long next,
            boolean open,
            @Nullable String refusal,
            boolean alone,
            Instant since,
            Instant retryAt,
            int attempts)
            implements Progress {

        private static final Duration MIN_PAUSE = Duration.ofSeconds(1);
        private static final int MAX_DOUBLINGS = 6;

        static Behind begin(Subscription subscription, long next, boolean open, Instant now) {
            return new Behind(subscription, next, open, null, false, now, now, 0);
        }

        /** As another instance has left it: its channel had refused the next event. */
        static Behind refused(Subscription subscription, long next, String refusal, Instant since) {
            return new Behind(subscription, next, true, refusal, true, since, since, 1);
        }

        Behind opened() {
            return new Behind(subscription, next, true, null, alone, since, retryAt, 0);
        }

        Behind notOpened(String reason, Instant now) {
            return new Behind(subscription, next, false, reason, alone, since, now, attempts).postponed(now);
        }

        Behind forwarded(long upTo) {
            return new Behind(subscription, upTo, true, null, alone, since, retryAt, 0);
        }

        /** It was its turn: those that wait for longer come first. */
        Behind served(Instant now) {
            return new Behind(subscription, next, open, refusal, alone, since, now, attempts);
        }

        @Override
        public Progress sent(long offset, SendOutcome outcome, Instant now) {
            return switch (outcome) {
                case SendOutcome.Accepted() -> forwarded(offset + 1);
                case SendOutcome.Refused(var reason) ->
                    new Behind(subscription, offset, true, reason, true, refusal == null ? now : since, now, attempts)
                            .postponed(now);
                case SendOutcome.Gone(var reason) -> new Broken(subscription, offset, reason, now);
            };
        }

        /** From a second up to about a minute. */
        Behind postponed(Instant now) {
            var pause = MIN_PAUSE.multipliedBy(1L << Math.min(attempts, MAX_DOUBLINGS));
            return new Behind(subscription, next, open, refusal, alone, since, now.plus(pause), attempts + 1);
        }
    }

    /** The channel is gone. Nothing is forwarded until the device subscribes again. */
    record Broken(Subscription subscription, long next, String reason, Instant since) implements Progress {

        @Override
        public Progress sent(long offset, SendOutcome outcome, Instant now) {
            return this;
        }
    }
}
