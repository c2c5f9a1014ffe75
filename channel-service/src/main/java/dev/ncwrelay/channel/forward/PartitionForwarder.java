package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.ChannelMetrics;
import dev.ncwrelay.channel.consume.ChannelUnavailableException;
import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards the events of one partition to one kind of channel.
 *
 * <ol>
 *   <li>Events of a device are accepted by its channel in their order; after a failure some are sent again.
 *   <li>What a channel refuses holds back that device alone. Its position is stored before the offset of the partition is
 *       committed, and its events are read again from Kafka when the channel is tried next.
 *   <li>When {@link #forward} returns, every event is accepted, or covered by a stored position, or has no subscription. It may
 *       be called again with the same events.
 *   <li>The consumer's thread forwards, another catches up; what they change, they change one after the other. The one that
 *       catches up lets the other wait for a second or two at most, and sends nothing in that time.
 * </ol>
 */
final class PartitionForwarder {

    /** Longest time in which channels are opened, or closed, by one call; one more is begun before it is over. */
    private static final Duration MAX_TIME = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(PartitionForwarder.class);

    private final int partition;
    private final Channel channel;
    private final Function<ChannelKey, Optional<Subscription>> subscriptions;
    private final StateStore states;
    private final Clock clock;
    /** Fair, so that the one that catches up has its turns while many events arrive. */
    private final ReentrantLock lock = new ReentrantLock(true);

    private final ProgressTable progress;
    private final OpenChannels channels;
    private final RoundSender sender;
    private final CatchUp catchUp;
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
            Lanes lanes,
            Clock clock) {
        this.partition = partition;
        this.position = position;
        this.channel = channel;
        this.subscriptions = subscriptions;
        this.states = states;
        this.clock = clock;
        this.progress = new ProgressTable(states, stored);
        this.channels = new OpenChannels(channel, states, progress, clock);
        this.sender = new RoundSender(channel, this::isCurrent, metrics, clock);
        this.catchUp = new CatchUp(partition, log, lock, progress, sender, () -> this.position, lanes, clock);
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
            var due = events.stream().flatMap(event -> due(event).stream()).toList();
            sender.send(due, () -> false, new Noted());
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
     * Opens the channels of new subscriptions, closes those of ended ones, and begins to forward a part of what is behind.
     *
     * @return true when more can be done at once
     */
    boolean catchUp() {
        if (!tryLock()) {
            // Other partitions do not wait for the channels that the consumer waits for.
            return false;
        }
        try {
            if (closed || catchUp.isStopped()) {
                return false;
            }
            // What fails for one device is no reason to leave out the others.
            var failures = new ArrayList<RuntimeException>();
            catchUp.takeFailure().ifPresent(failures::add);
            boolean more = reconcileChanged(failures);
            try {
                more |= forwardBehind(failures);
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

    private boolean tryLock() {
        try {
            return lock.tryLock(MAX_TIME.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Begins to end it: nothing more is caught up with. Does not wait. */
    void stop() {
        catchUp.stop();
    }

    /** Ends forwarding: returns when no thread forwards any more. */
    void close() {
        stop();
        lock.lock();
        try {
            closed = true;
            catchUp.awaitEnd();
            progress.subscriptions().forEach(channel::forget);
            progress.save();
        } catch (RuntimeException e) {
            // What was accepted since it was stored last is sent again.
            log.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("reason", e.getMessage())
                    .log("positions of subscriptions not stored");
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
        var key = new ChannelKey(event.deviceId(), channel.kind(), "");
        var found = subscriptions.apply(key);
        if (found.isEmpty()) {
            progress.suspend(key, event.offset(), clock.instant());
            return Optional.empty();
        }
        return found.filter(event::concerns)
                .filter(subscription -> progress.of(subscription, clock.instant()) instanceof Active active
                        && event.offset() >= active.next())
                .map(subscription -> Message.of(subscription, partition, event));
    }

    /**
     * The first failure ends it, since the next would often take as long; it is tried again after all others.
     *
     * @return true when there was no time for all
     */
    private boolean reconcileChanged(List<RuntimeException> failures) {
        var end = clock.instant().plus(MAX_TIME);
        for (int left = changed.size(); left > 0; left--) {
            if (clock.instant().isAfter(end)) {
                return true;
            }
            var key = changed.remove();
            try {
                reconcile(key);
            } catch (RuntimeException e) {
                changed.add(key);
                failures.add(e);
                return false;
            }
        }
        return false;
    }

    private void reconcile(ChannelKey key) {
        var subscription = subscriptions.apply(key);
        if (subscription.isPresent()) {
            var current = progress.of(subscription.get(), clock.instant());
            if (states.isOverwritten(current)) {
                progress.putAndStore(current);
            }
        } else if (catchUp.isBusy(key)) {
            // What is on its way would get into a channel that is opened again meanwhile.
            changed.add(key);
        } else if (progress.get(key) != null || states.subscriptionId(key).isPresent()) {
            channels.closeAll(key);
            progress.remove(key);
        }
    }

    private boolean forwardBehind(List<RuntimeException> failures) {
        var now = clock.instant();
        var due = progress.due(now);
        due.keySet().removeIf(catchUp::isBusy);
        // One that has ended, and whose channel cannot be closed yet, is left out.
        due.values().removeIf(behind -> !isCurrent(behind.subscription()));
        boolean more = channels.openAll(due, MAX_TIME, failures);
        due.values().removeIf(behind -> catchUp.caughtUp(behind, now));
        return catchUp.begin(due.values()) || more;
    }

    private boolean isCurrent(Subscription subscription) {
        return subscriptions
                .apply(subscription.key())
                .filter(current -> current.id().equals(subscription.id()))
                .isPresent();
    }

    /** Notes at once what becomes of the events that the consumer has read; with the lock. */
    private final class Noted implements RoundSender.Listener {

        @Override
        public void sent(Message message, SendOutcome outcome) {
            progress.sent(message, outcome, clock.instant());
        }

        @Override
        public void ended(Message message) {
            progress.suspend(message.subscription().key(), message.event().offset(), clock.instant());
        }
    }
}
