package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.forward.Progress.Broken;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
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
 *   <li>When {@link #forward} returns, every event is accepted, or covered by a stored position, or for nobody here. It may
 *       be called again with the same events.
 *   <li>Two threads: the consumer's forwards, another catches up. They exclude each other.
 * </ol>
 */
final class PartitionForwarder {

    /** Longest time for one call, much shorter than the consumer may take between two polls. What is sent counts. */
    private static final Duration MAX_TIME = Duration.ofSeconds(60);

    private final int partition;
    private final Channel channel;
    private final Function<ChannelKey, Optional<Subscription>> subscriptions;
    private final EventSource log;
    private final StateStore states;
    private final ForwardMetrics metrics;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ProgressTable progress = new ProgressTable();
    private final Map<ChannelKey, Set<String>> channels = new HashMap<>();
    private final Set<ChannelKey> unsaved = new LinkedHashSet<>();
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
            ForwardMetrics metrics,
            Clock clock) {
        this.partition = partition;
        this.position = position;
        this.channel = channel;
        this.subscriptions = subscriptions;
        this.log = log;
        this.states = states;
        this.metrics = metrics;
        this.clock = clock;
        stored.forEach(progress::put);
    }

    /**
     * Forwards the events that follow those of the last call, to all channels that accept them.
     *
     * @param next the offset after the events
     * @throws ChannelUnavailableException when some could not be sent; call again with the same events
     */
    void forward(List<ForwardedEvent> events, long next) {
        lock.lock();
        try {
            if (closed) {
                // Returning would let the consumer commit them.
                throw new IllegalStateException("partition " + partition + " is no longer assigned");
            }
            send(events.stream().flatMap(event -> due(event).stream()).toList());
            save();
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
            for (var key = changed.poll(); key != null; key = changed.poll()) {
                reconcileOrPutBack(key);
            }
            boolean more = forwardBehind();
            save();
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
    private Optional<Message> due(ForwardedEvent event) {
        var key = new ChannelKey(event.deviceId(), channel.kind(), "");
        var found = subscriptions.apply(key);
        if (found.isEmpty()) {
            suspend(key, event.offset());
            return Optional.empty();
        }
        return found.filter(subscription -> concerns(subscription, event))
                .filter(subscription ->
                        current(subscription) instanceof Active active && event.offset() >= active.next())
                .map(subscription -> Message.of(subscription, partition, event));
    }

    private static boolean concerns(Subscription subscription, ForwardedEvent event) {
        return subscription.device().owns(event.offset(), event.event().getWalletId());
    }

    /** Its progress; that of a new subscription begins. */
    private Progress current(Subscription subscription) {
        var known = progress.get(subscription.key());
        if (known != null && known.subscription().id().equals(subscription.id())) {
            return known;
        }
        var begin = Behind.begin(subscription, subscription.eventsFrom(), false, clock.instant());
        progress.put(begin);
        return begin;
    }

    /** One that fails is tried again after all others. */
    private void reconcileOrPutBack(ChannelKey key) {
        try {
            reconcile(key);
        } catch (RuntimeException e) {
            changed.add(key);
            throw e;
        }
    }

    private void reconcile(ChannelKey key) {
        var subscription = subscriptions.apply(key);
        if (subscription.isPresent()) {
            if (states.isOverwritten(current(subscription.get()))) {
                unsaved.add(key);
            }
        } else if (progress.get(key) != null || states.subscriptionId(key).isPresent()) {
            closeAllBut(Optional.empty(), key);
            states.remove(key);
            channels.remove(key);
            unsaved.remove(key);
            progress.remove(key);
        }
    }

    /** Closes the channels of former subscriptions: those that are stored, and those that were opened here. */
    private void closeAllBut(Optional<String> present, ChannelKey key) {
        var ids = channels.computeIfAbsent(key, _ -> new HashSet<>());
        states.subscriptionId(key).ifPresent(ids::add);
        for (var id : List.copyOf(ids)) {
            if (!id.equals(present.orElse(null))) {
                channel.close(key, id);
                ids.remove(id);
            }
        }
    }

    private boolean forwardBehind() {
        var now = clock.instant();
        var due = progress.due(now);
        due.replaceAll((_, behind) -> open(behind));
        due.values().removeIf(behind -> caughtUp(behind, now));
        if (due.isEmpty()) {
            return false;
        }
        long from = due.values().stream().mapToLong(Behind::next).min().orElse(position);
        var devices = due.keySet().stream().map(ChannelKey::deviceId).collect(Collectors.toSet());
        var part = log.read(partition, from, position, devices);
        var stopped = send(part.events().stream()
                .flatMap(event -> waiting(event, due).stream())
                .toList());
        for (var key : due.keySet()) {
            if (!stopped.contains(key) && progress.get(key) instanceof Behind behind && behind.next() < part.upTo()) {
                progress.put(behind.forwarded(part.upTo()));
                unsaved.add(key);
            }
        }
        return part.upTo() > from;
    }

    /** The event for a subscription that is behind, if it waits for it. */
    private Optional<Message> waiting(ForwardedEvent event, Map<ChannelKey, Behind> due) {
        return Optional.ofNullable(due.get(new ChannelKey(event.deviceId(), channel.kind(), "")))
                .filter(behind -> event.offset() >= behind.next())
                .map(Behind::subscription)
                .filter(subscription -> concerns(subscription, event))
                .map(subscription -> Message.of(subscription, partition, event));
    }

    private Behind open(Behind behind) {
        if (behind.open()) {
            return behind;
        }
        var subscription = behind.subscription();
        // If it fails, all others are tried before it is tried again.
        progress.put(behind.postponed(clock.instant()));
        closeAllBut(Optional.of(subscription.id()), subscription.key());
        // Before it is opened, so that it is closed again whatever happens to this instance.
        channels.computeIfAbsent(subscription.key(), _ -> new HashSet<>()).add(subscription.id());
        states.save(behind);
        channel.open(subscription);
        var opened = behind.opened();
        progress.put(opened);
        return opened;
    }

    private boolean caughtUp(Behind behind, Instant now) {
        if (behind.next() < position) {
            return false;
        }
        progress.put(new Active(behind.subscription(), behind.next(), now));
        unsaved.add(behind.subscription().key());
        return true;
    }

    /** Sends all, and returns the subscriptions whose channel did not accept one: the messages after it are not sent. */
    private Set<ChannelKey> send(List<Message> messages) {
        var stopped = new HashSet<ChannelKey>();
        var rounds = new DeviceRounds(messages);
        long deadline = System.nanoTime() + MAX_TIME.toNanos();
        for (var round = rounds.next(); !round.isEmpty(); round = rounds.next()) {
            if (System.nanoTime() - deadline > 0) {
                throw new ChannelUnavailableException("the channel is slow: more than " + MAX_TIME.toSeconds() + " s");
            }
            for (var ended : endedOf(round)) {
                round.remove(ended);
                rounds.drop(ended.subscription().key());
                stopped.add(ended.subscription().key());
            }
            var outcomes = channel.send(round);
            for (int i = 0; i < round.size(); i++) {
                var key = round.get(i).subscription().key();
                apply(round.get(i), outcomes.get(i));
                if (!(outcomes.get(i) instanceof SendOutcome.Accepted)) {
                    rounds.drop(key);
                    stopped.add(key);
                    unsaved.add(key);
                }
            }
        }
        return stopped;
    }

    /** Messages whose subscription has ended, as it may at any time. The catch-up closes the channel. */
    private List<Message> endedOf(List<Message> round) {
        var ended = round.stream()
                .filter(message -> !isCurrent(message.subscription()))
                .toList();
        ended.forEach(
                message -> suspend(message.subscription().key(), message.event().offset()));
        return ended;
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
            progress.put(Behind.begin(active.subscription(), offset, true, clock.instant()));
        }
    }

    private void apply(Message message, SendOutcome outcome) {
        metrics.sent(outcome);
        long offset = message.event().offset();
        var now = clock.instant();
        progress.put(
                switch (current(message.subscription())) {
                    case Active active ->
                        switch (outcome) {
                            case SendOutcome.Accepted() -> active.forwarded(offset);
                            case SendOutcome.Refused(var reason) -> active.refused(offset, reason, now);
                            case SendOutcome.Gone(var reason) -> new Broken(active.subscription(), offset, reason, now);
                        };
                    case Behind behind ->
                        switch (outcome) {
                            case SendOutcome.Accepted() -> behind.forwarded(offset + 1);
                            case SendOutcome.Refused(var reason) -> behind.refused(offset, reason, now);
                            case SendOutcome.Gone(var reason) -> new Broken(behind.subscription(), offset, reason, now);
                        };
                    case Broken broken -> broken;
                });
    }

    /** Stores what has changed; what cannot be stored is tried again with the next call. */
    private void save() {
        for (var key : List.copyOf(unsaved)) {
            var entry = progress.get(key);
            if (entry != null) {
                states.save(entry);
            }
            unsaved.remove(key);
        }
    }
}
