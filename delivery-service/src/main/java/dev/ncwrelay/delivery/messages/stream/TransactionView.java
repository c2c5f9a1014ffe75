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
 * The latest states of a device's transactions that were updated after a time: those in the mailbox and later ones in
 * the ring, of the device's current ownership only. It keeps what it has read, so that after the first {@link #poll}
 * later ones need the ring only. To be used by one thread at a time.
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

    /** Reads what is new; false when the mailbox is not available now. */
    boolean poll() {
        if (!hasBacklog && !readBacklog(feed.evictedUpTo(device.deviceId()))) {
            return false;
        }
        for (int i = 0; i < MAX_READS; i++) {
            switch (feed.read(device.deviceId(), seenUpTo, ALL)) {
                case FeedRead.Found(var page) -> {
                    page.events().forEach(this::apply);
                    seenUpTo = page.upTo();
                    if (!page.more()) {
                        isComplete = true;
                        return true;
                    }
                }
                case FeedRead.TooOld(long minOffset) -> {
                    if (!readBacklog(minOffset)) {
                        return false;
                    }
                }
            }
        }
        return false;
    }

    /** The latest state of each transaction, as of the last {@link #poll}. */
    Collection<TransactionUpdate> latest() {
        return List.copyOf(latest.values());
    }

    /** Each update that arrived after the first {@link #poll}, even if its transaction was updated before the time. */
    Collection<TransactionUpdate> arrived() {
        return List.copyOf(arrived);
    }

    private boolean readBacklog(long minOffset) {
        if (!(backlog.transactions(device.deviceId(), updatedAfter, minOffset)
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
