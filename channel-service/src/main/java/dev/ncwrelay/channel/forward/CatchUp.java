package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.consume.EventSource;
import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
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
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Forwards the events of a partition that wait for subscriptions which are behind, in slices that are sent side by side.
 *
 * <ol>
 *   <li>A subscription is in one slice at a time. Meanwhile it is {@link #isBusy busy}: nothing else sends to it, nor opens or
 *       closes its channel.
 *   <li>One whose channel has refused an event has slices for itself, which may take long, until it has caught up. The others
 *       share slices, in turns: one that is far behind delays none of them.
 *   <li>All methods but {@link #stop} are called with the partition's lock. Slices are sent without it.
 * </ol>
 */
final class CatchUp {

    /** Longest time in which one call begins slices for single subscriptions: it reads the log for each. */
    private static final Duration MAX_TIME = Duration.ofMillis(200);

    private final int partition;
    private final EventSource log;
    private final Lock lock;
    private final ProgressTable progress;
    private final RoundSender sender;
    private final LongSupplier position;
    private final Lanes lanes;
    private final Clock clock;
    private final Condition ended;
    private final Set<ChannelKey> busy = new HashSet<>();
    private Optional<RuntimeException> failure = Optional.empty();
    private volatile boolean stopped;

    /** @param position where the consumer is */
    CatchUp(
            int partition,
            EventSource log,
            Lock lock,
            ProgressTable progress,
            RoundSender sender,
            LongSupplier position,
            Lanes lanes,
            Clock clock) {
        this.partition = partition;
        this.log = log;
        this.lock = lock;
        this.progress = progress;
        this.sender = sender;
        this.position = position;
        this.lanes = lanes;
        this.clock = clock;
        this.ended = lock.newCondition();
    }

    /**
     * A part of the log, for some subscriptions.
     *
     * @param subscriptions as they were when it was read
     * @param upTo the offset after it
     */
    private record Slice(List<Behind> subscriptions, List<Message> messages, long upTo) {

        Set<ChannelKey> keys() {
            return subscriptions.stream()
                    .map(behind -> behind.subscription().key())
                    .collect(Collectors.toUnmodifiableSet());
        }

        /** What its events have in memory, for the most part. */
        long size() {
            return messages.stream()
                    .mapToLong(message -> message.event().event().getData().capacity())
                    .sum();
        }
    }

    /** Whether a slice is being sent to this subscription, or to an earlier one of its device. */
    boolean isBusy(ChannelKey key) {
        return busy.contains(key);
    }

    /** Why a slice could not be sent, if one could not since the last call. */
    Optional<RuntimeException> takeFailure() {
        var taken = failure;
        failure = Optional.empty();
        return taken;
    }

    /** Whether nothing waits for this subscription any more: then it is active. */
    boolean caughtUp(Behind behind, Instant now) {
        if (behind.next() < position.getAsLong()) {
            return false;
        }
        progress.putAndStore(new Active(behind.subscription(), behind.next(), now));
        return true;
    }

    /**
     * Begins to send what waits, a part of it.
     *
     * @param due subscriptions that are open and not busy, and something waits for each; in the order of their turns
     * @return true when more can be done at once
     */
    boolean begin(Collection<Behind> due) {
        boolean more = begin(due.stream().filter(behind -> !behind.alone()).toList(), lanes.shared());
        var end = clock.instant().plus(MAX_TIME);
        for (var behind : due.stream().filter(Behind::alone).toList()) {
            if (clock.instant().isAfter(end)) {
                return true;
            }
            more |= begin(List.of(behind), lanes.alone());
        }
        return more;
    }

    private boolean begin(List<Behind> due, SliceLimit limit) {
        if (due.isEmpty() || !limit.isFree()) {
            return false;
        }
        var slice = read(due);
        var now = clock.instant();
        slice.subscriptions().forEach(behind -> progress.put(behind.served(now)));
        if (slice.messages().isEmpty()) {
            advance(slice, Set.of());
        } else {
            limit.begin(slice.size());
            busy.addAll(slice.keys());
            lanes.executor().execute(() -> run(slice, limit));
        }
        return slice.upTo() > due.getFirst().next();
    }

    private Slice read(List<Behind> due) {
        var first = due.getFirst();
        if (first.alone() && first.attempts() > 0) {
            // It may well be refused again.
            var next = read(due, first.next() + 1);
            if (!next.messages().isEmpty()) {
                return next;
            }
        }
        return read(due, position.getAsLong());
    }

    /** From the first of these on. Those that are before it, or after the slice, wait for their turns. */
    private Slice read(List<Behind> due, long end) {
        long from = due.getFirst().next();
        var devices = due.stream()
                .filter(behind -> behind.next() >= from)
                .map(behind -> behind.subscription().key().deviceId())
                .collect(Collectors.toSet());
        var part = log.read(partition, from, end, devices::contains);
        // A log that has lost records ends earlier.
        long upTo = Math.max(part.upTo(), from + 1);
        var subscriptions = due.stream()
                .filter(behind -> behind.next() >= from && behind.next() < upTo)
                .toList();
        var byDevice = subscriptions.stream()
                .collect(Collectors.toMap(behind -> behind.subscription().key().deviceId(), Function.identity()));
        var messages = part.events().stream()
                .flatMap(event -> waiting(event, byDevice).stream())
                .toList();
        return new Slice(subscriptions, messages, part.upTo());
    }

    private Optional<Message> waiting(ReadEvent event, Map<String, Behind> subscriptions) {
        return Optional.ofNullable(subscriptions.get(event.deviceId()))
                .filter(behind -> event.offset() >= behind.next())
                .map(Behind::subscription)
                .filter(event::concerns)
                .map(subscription -> Message.of(subscription, partition, event));
    }

    /** Nothing else changes the progress of these subscriptions meanwhile, so that it is noted when all is sent. */
    private void run(Slice slice, SliceLimit limit) {
        var outcomes = new Outcomes();
        var unfinished = slice.keys();
        Optional<RuntimeException> failed = Optional.empty();
        try {
            unfinished = sender.send(slice.messages(), () -> stopped, outcomes);
        } catch (RuntimeException e) {
            failed = Optional.of(e);
        } finally {
            limit.end(slice.size());
        }
        lock.lock();
        try {
            failure = failed.or(() -> failure);
            var now = clock.instant();
            outcomes.all.forEach(each -> progress.sent(each.message(), each.outcome(), now));
            advance(slice, unfinished);
        } finally {
            busy.removeAll(slice.keys());
            ended.signalAll();
            lock.unlock();
        }
    }

    /** Of a slice, until they are noted. */
    private static final class Outcomes implements RoundSender.Listener {

        private final List<Sent> all = new ArrayList<>();

        private record Sent(Message message, SendOutcome outcome) {}

        @Override
        public void sent(Message message, SendOutcome outcome) {
            all.add(new Sent(message, outcome));
        }

        /** It stays behind, should it be in force again. */
        @Override
        public void ended(Message message) {}
    }

    /** What was accepted counts, also when the rest could not be sent. The next pass stores it, for all slices together. */
    private void advance(Slice slice, Set<ChannelKey> unfinished) {
        var now = clock.instant();
        for (var before : slice.subscriptions()) {
            var key = before.subscription().key();
            if (!(progress.get(key) instanceof Behind behind)
                    || !behind.subscription().id().equals(before.subscription().id())) {
                continue;
            }
            var after =
                    unfinished.contains(key) || behind.next() >= slice.upTo() ? behind : behind.forwarded(slice.upTo());
            if (!caughtUp(after, now) && after.next() > before.next()) {
                progress.putAndStore(after);
            }
        }
    }

    /** Nothing more is sent; what is on its way still is. From any thread. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Waits until nothing is on its way. */
    void awaitEnd() {
        while (!busy.isEmpty()) {
            ended.awaitUninterruptibly();
        }
    }
}
