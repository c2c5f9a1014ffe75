package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Sends events of a partition in rounds, and notes what became of each. It takes the partition's lock to do so, but not while
 * the channel sends: that takes seconds when a channel accepts nothing.
 */
final class RoundSender {

    /** Longest time for one call: much shorter than the consumer may take between two polls. The next call goes on. */
    private static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final Channel channel;
    private final Lock lock;
    private final ProgressTable progress;
    private final Predicate<Subscription> current;
    private final ChannelMetrics metrics;
    private final Clock clock;

    /** @param current whether a subscription is in force */
    RoundSender(
            Channel channel,
            Lock lock,
            ProgressTable progress,
            Predicate<Subscription> current,
            ChannelMetrics metrics,
            Clock clock) {
        this.channel = channel;
        this.lock = lock;
        this.progress = progress;
        this.current = current;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Sends messages, those of a subscription in their order.
     *
     * @param ended asked before each round; when true, no more is sent
     * @return the subscriptions whose channel did not accept one: the messages after it are not sent
     * @throws ChannelUnavailableException when some could not be sent
     */
    Set<ChannelKey> send(List<Message> messages, BooleanSupplier ended) {
        var stopped = new HashSet<ChannelKey>();
        var rounds = new DeviceRounds<>(messages, RoundSender::keyOf);
        var end = clock.instant().plus(MAX_TIME);
        for (var round = rounds.next(); !round.isEmpty(); round = rounds.next()) {
            if (ended.getAsBoolean()) {
                throw new ChannelUnavailableException("the partition is no longer assigned");
            }
            if (clock.instant().isAfter(end)) {
                throw new ChannelUnavailableException("the channel is slow: more than " + MAX_TIME.toSeconds() + " s");
            }
            var refused = sendRound(round);
            refused.forEach(rounds::drop);
            stopped.addAll(refused);
        }
        return stopped;
    }

    private Set<ChannelKey> sendRound(List<Message> round) {
        var refused = new HashSet<ChannelKey>();
        var inForce = withoutEnded(round, refused);
        var outcomes = inForce.isEmpty() ? List.<SendOutcome>of() : channel.send(inForce);
        lock.lock();
        try {
            for (int i = 0; i < inForce.size(); i++) {
                if (!isAccepted(inForce.get(i), outcomes.get(i))) {
                    refused.add(keyOf(inForce.get(i)));
                }
            }
        } finally {
            lock.unlock();
        }
        return refused;
    }

    /** A subscription may end at any time. The catch-up closes its channel. */
    private List<Message> withoutEnded(List<Message> round, Set<ChannelKey> refused) {
        lock.lock();
        try {
            round.stream()
                    .filter(message -> !current.test(message.subscription()))
                    .forEach(message -> {
                        suspend(keyOf(message), message.event().offset());
                        refused.add(keyOf(message));
                    });
        } finally {
            lock.unlock();
        }
        return round.stream()
                .filter(message -> !refused.contains(keyOf(message)))
                .toList();
    }

    /**
     * What is not forwarded because a subscription seems to have ended is caught up with, should it be in force again. Called
     * with the lock.
     */
    void suspend(ChannelKey key, long offset) {
        if (progress.get(key) instanceof Active active && offset >= active.next()) {
            progress.putAndStore(Behind.begin(active.subscription(), offset, true, clock.instant()));
        }
    }

    private boolean isAccepted(Message message, SendOutcome outcome) {
        outcome.count(metrics);
        var now = clock.instant();
        var before = progress.get(keyOf(message));
        if (before == null
                || !before.subscription().id().equals(message.subscription().id())) {
            // It has ended meanwhile.
            return false;
        }
        var after = before.sent(message.event().offset(), outcome, now);
        if (outcome instanceof SendOutcome.Accepted) {
            progress.put(after);
            return true;
        }
        progress.putAndStore(after);
        return false;
    }

    private static ChannelKey keyOf(Message message) {
        return message.subscription().key();
    }
}
