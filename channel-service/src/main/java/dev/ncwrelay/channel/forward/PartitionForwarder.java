package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Forwards the events of one partition to one kind of channel.
 *
 * <ol>
 *   <li>Events of a device are accepted by its channel in their order; after a failure some are sent again.
 *   <li>What a channel refuses holds back that device alone. Its position is stored before the offset of the partition is
 *       committed, and its events are read again from Kafka when the channel is tried next.
 *   <li>When {@link #forward} returns, every event is accepted, or covered by a stored position, or has no subscription. It may
 *       be called again with the same events.
 *   <li>Two threads: the consumer's forwards, another catches up. They exclude each other.
 * </ol>
 */
final class PartitionForwarder {

    /** Longest time for one call: much shorter than the consumer may take between two polls. The next call goes on. */
    private static final Duration MAX_TIME = Duration.ofSeconds(30);

    private final int partition;
    private final Channel channel;
    private final Function<ChannelKey, Optional<Subscription>> subscriptions;
    private final EventSource log;
    private final StateStore states;
    private final ChannelMetrics metrics;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ProgressTable progress;
    private final OpenChannels channels;
    private final Queue<ChannelKey> changed = new ConcurrentLinkedQueue<>();
    private long position;
    private boolean closed;

    /**
     * Creates it.
     *
     * @param position the next offset to be forwarded
     * @param stored the stored progress of the subscriptions of this partition
     */
    PartitionForwarder(
            int partition,
            long position,
            Collection<Progress> stored,
            Channel channel,
            Function<ChannelKey, Optional<Subscription>> subscriptions,
            EventSource log,
            StateStore states,
            ChannelMetrics metrics,
            Clock clock) {
        this.partition = partition;
        this.position = position;
        this.channel = channel;
        this.subscriptions = subscriptions;
        this.log = log;
        this.states = states;
        this.metrics = metrics;
        this.clock = clock;
        this.progress = new ProgressTable(states, stored);
        this.channels = new OpenChannels(channel, states, progress);
    }

    /**
     * Forwards the events that follow those of the last call, to all channels that accept them.
     *
     * @param next the offset after the events
     * @throws ChannelUnavailableException when some could not be sent; call again with the same events
     */
    void forward(List<ReadEvent> events, long next) {
        lock.lock();
        try {
            if (closed) {
                // Returning would let the consumer commit them.
                throw new IllegalStateException("partition " + partition + " is no longer assigned");
            }
            send(events.stream().flatMap(event -> due(event).stream()).toList());
            progress.save();
            position = Math.max(position, next);
        } finally {
            lock.unlock();
        }
    }

    /** A subscription, its state or the device's owner has changed. Does not block. */
    void changed(ChannelKey key) {
        changed.add(key);
    }

    /**
     * Opens the channels of new subscriptions, closes those of ended ones, and forwards a part of what is behind.
     *
     * @return true when more can be forwarded at once
     */
    boolean catchUp() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            // What fails for one device is no reason to leave out the others.
            var failures = new ArrayList<RuntimeException>();
            reconcileChanged(failures);
            boolean more;
            try {
                more = forwardBehind(failures);
            } finally {
                progress.save();
            }
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            return more;
        } finally {
            lock.unlock();
        }
    }

    /** Ends forwarding: returns when no thread forwards any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /** Subscriptions whose events wait in Kafka. */
    int behind() {
        return progress.behindCount();
    }

    /** The event for the device's subscription; empty when there is none, or catching up forwards it. */
    private Optional<Message> due(ReadEvent event) {
        var key = keyOf(event);
        var found = subscriptions.apply(key);
        if (found.isEmpty()) {
            suspend(key, event.offset());
            return Optional.empty();
        }
        return found.filter(event::concerns)
                .filter(subscription -> progress.of(subscription, clock.instant()) instanceof Active active
                        && event.offset() >= active.next())
                .map(subscription -> Message.of(subscription, partition, event));
    }

    private ChannelKey keyOf(ReadEvent event) {
        return new ChannelKey(event.deviceId(), channel.kind(), "");
    }

    /** The first failure ends it, since the next would often take as long; it is tried again after all others. */
    private void reconcileChanged(List<RuntimeException> failures) {
        for (var key = changed.poll(); key != null; key = changed.poll()) {
            try {
                reconcile(key);
            } catch (RuntimeException e) {
                changed.add(key);
                failures.add(e);
                return;
            }
        }
    }

    private void reconcile(ChannelKey key) {
        var subscription = subscriptions.apply(key);
        if (subscription.isPresent()) {
            var current = progress.of(subscription.get(), clock.instant());
            if (states.isOverwritten(current)) {
                progress.putAndStore(current);
            }
        } else if (progress.get(key) != null || states.subscriptionId(key).isPresent()) {
            channels.closeAll(key);
            progress.remove(key);
        }
    }

    private boolean forwardBehind(List<RuntimeException> failures) {
        var now = clock.instant();
        var due = progress.due(now);
        // One that has ended, and whose channel cannot be closed yet, would keep the others waiting at its position.
        due.values().removeIf(behind -> !isCurrent(behind.subscription()));
        channels.openAll(due, clock.instant()).ifPresent(failures::add);
        due.values().removeIf(behind -> caughtUp(behind, now));
        if (due.isEmpty()) {
            return false;
        }
        long from = due.values().stream().mapToLong(Behind::next).min().orElse(position);
        var devices = due.keySet().stream().map(ChannelKey::deviceId).collect(Collectors.toSet());
        var part = log.read(partition, from, position, devices::contains);
        var stopped = send(part.events().stream()
                .flatMap(event -> waiting(event, due).stream())
                .toList());
        for (var key : due.keySet()) {
            if (!stopped.contains(key) && progress.get(key) instanceof Behind behind && behind.next() < part.upTo()) {
                progress.putAndStore(behind.forwarded(part.upTo()));
            }
        }
        return part.upTo() > from;
    }

    /** The event for a subscription that is behind, if it waits for it. */
    private Optional<Message> waiting(ReadEvent event, Map<ChannelKey, Behind> due) {
        return Optional.ofNullable(due.get(keyOf(event)))
                .filter(behind -> event.offset() >= behind.next())
                .map(Behind::subscription)
                .filter(event::concerns)
                .map(subscription -> Message.of(subscription, partition, event));
    }

    private boolean caughtUp(Behind behind, Instant now) {
        if (behind.next() < position) {
            return false;
        }
        progress.putAndStore(new Active(behind.subscription(), behind.next(), now));
        return true;
    }

    /** Sends all, and returns the subscriptions whose channel did not accept one: the messages after it are not sent. */
    private Set<ChannelKey> send(List<Message> messages) {
        var stopped = new HashSet<ChannelKey>();
        var rounds =
                new DeviceRounds<>(messages, message -> message.subscription().key());
        var end = clock.instant().plus(MAX_TIME);
        for (var round = rounds.next(); !round.isEmpty(); round = rounds.next()) {
            if (clock.instant().isAfter(end)) {
                throw new ChannelUnavailableException("the channel is slow: more than " + MAX_TIME.toSeconds() + " s");
            }
            for (var message : List.copyOf(round)) {
                var key = message.subscription().key();
                // It may end at any time. The catch-up closes its channel.
                if (!isCurrent(message.subscription())) {
                    suspend(key, message.event().offset());
                    round.remove(message);
                    rounds.drop(key);
                    stopped.add(key);
                }
            }
            var outcomes = channel.send(round);
            for (int i = 0; i < round.size(); i++) {
                if (!isAccepted(round.get(i), outcomes.get(i))) {
                    var key = round.get(i).subscription().key();
                    rounds.drop(key);
                    stopped.add(key);
                }
            }
        }
        return stopped;
    }

    private boolean isCurrent(Subscription subscription) {
        return subscriptions
                .apply(subscription.key())
                .filter(current -> current.id().equals(subscription.id()))
                .isPresent();
    }

    /** What is not forwarded because a subscription seems to have ended is caught up with, should it be in force again. */
    private void suspend(ChannelKey key, long offset) {
        if (progress.get(key) instanceof Active active && offset >= active.next()) {
            progress.putAndStore(Behind.begin(active.subscription(), offset, true, clock.instant()));
        }
    }

    private boolean isAccepted(Message message, SendOutcome outcome) {
        outcome.count(metrics);
        var now = clock.instant();
        var after =
                progress.of(message.subscription(), now).sent(message.event().offset(), outcome, now);
        if (outcome instanceof SendOutcome.Accepted) {
            progress.put(after);
            return true;
        }
        progress.putAndStore(after);
        return false;
    }
}
