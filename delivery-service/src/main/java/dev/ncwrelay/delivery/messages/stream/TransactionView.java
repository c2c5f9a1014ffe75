package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedRead;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import dev.ncwrelay.delivery.messages.mailbox.TransactionBacklog;
import dev.ncwrelay.delivery.messages.mailbox.TransactionBacklog.Transactions;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A device's transactions that were updated after a time, each in its latest state: what the mailbox has, and what the
 * ring has beyond it, as far as it belongs to the present ownership of the device. It remembers what it has seen, so
 * that after a first look the later ones need the ring alone. To be used by one thread at a time.
 */
final class TransactionView {

    private static final ReadLimit ALL = new ReadLimit(Integer.MAX_VALUE, Long.MAX_VALUE, _ -> true);
    private static final int MAX_READS = 10;

    private final Feed feed;
    private final TransactionBacklog backlog;
    private final RegisteredDevice device;
    private final long updatedAfter;
    private final Map<String, TransactionUpdate> latest = new HashMap<>();
    private final List<TransactionUpdate> arrived = new ArrayList<>();
    private long seenUpTo = -1;
    private boolean hasBacklog;
    private boolean isComplete;

    /**
     * Creates it.
     *
     * @param updatedAfter in epoch milliseconds
     */
    TransactionView(Feed feed, TransactionBacklog backlog, RegisteredDevice device, long updatedAfter) {
        this.feed = feed;
        this.backlog = backlog;
        this.device = device;
        this.updatedAfter = updatedAfter;
    }

    /** Reads what there is; false when it cannot be had just now. */
    boolean poll() {
        if (!hasBacklog && !readBacklog(feed.evictedUpTo(device.deviceId()))) {
            return false;
        }
        for (int turn = 0; turn < MAX_READS; turn++) {
            switch (feed.read(device.deviceId(), seenUpTo, ALL)) {
                case FeedRead.Slice slice -> {
                    slice.events().forEach(this::apply);
                    seenUpTo = slice.next();
                    if (!slice.more()) {
                        isComplete = true;
                        return true;
                    }
                }
                case FeedRead.TooOld(long needed) -> {
                    if (!readBacklog(needed)) {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    /** The latest state of each, as of the last look. */
    Collection<TransactionUpdate> latest() {
        return List.copyOf(latest.values());
    }

    /** Each update that came after the first look, however long ago its transaction says it was. */
    Collection<TransactionUpdate> arrived() {
        return List.copyOf(arrived);
    }

    private boolean readBacklog(long needed) {
        if (!(backlog.transactions(device.deviceId(), updatedAfter, needed)
                instanceof Transactions.Known(var updates, long upTo))) {
            return false;
        }
        updates.stream()
                .filter(update -> owns(update.event()) && update.event().offset() > seenUpTo)
                .forEach(this::apply);
        hasBacklog = true;
        seenUpTo = Math.max(seenUpTo, upTo);
        return true;
    }

    private void apply(Event event) {
        if (owns(event)) {
            TransactionUpdate.of(event).ifPresent(this::apply);
        }
    }

    private void apply(TransactionUpdate update) {
        if (isComplete) {
            arrived.add(update);
        }
        if (update.lastUpdated() > updatedAfter) {
            latest.merge(update.id(), update, (known, other) -> other.isLaterThan(known) ? other : known);
        }
    }

    private boolean owns(Event event) {
        return device.owns(event.offset(), event.walletId());
    }
}
