package dev.ncwrelay.delivery.stream;

import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.FeedRead;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.mailbox.TransactionBacklog;
import dev.ncwrelay.delivery.mailbox.TransactionBacklog.Transactions;
import dev.ncwrelay.delivery.transaction.TransactionUpdate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device's transactions that were updated after a time, each with its latest word: what the mailbox has, and what the
 * ring has beyond it. It remembers what it has seen, so that after a first look the later ones need the ring alone. To
 * be used by one thread at a time.
 */
public final class TransactionView {

    private static final ReadLimit ALL = new ReadLimit(Integer.MAX_VALUE, Long.MAX_VALUE, _ -> true);

    private static final int MOST_TURNS = 10;

    private final Feed feed;
    private final TransactionBacklog backlog;
    private final String deviceId;
    private final long updatedAfter;
    private final Map<String, TransactionUpdate> latest = new HashMap<>();
    private long seenUpTo = -1;
    private boolean hasBacklog;

    /**
     * Creates it.
     *
     * @param updatedAfter in epoch milliseconds
     */
    public TransactionView(Feed feed, TransactionBacklog backlog, String deviceId, long updatedAfter) {
        this.feed = feed;
        this.backlog = backlog;
        this.deviceId = deviceId;
        this.updatedAfter = updatedAfter;
    }

    /** What it is now; empty when it cannot be had just now. */
    public Optional<Collection<TransactionUpdate>> look() {
        if (!hasBacklog && !readBacklog(feed.heldAfter(deviceId))) {
            return Optional.empty();
        }
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            switch (feed.read(deviceId, seenUpTo, ALL)) {
                case FeedRead.Slice slice -> {
                    slice.events().forEach(event -> TransactionUpdate.of(event).ifPresent(this::take));
                    seenUpTo = slice.next();
                    if (!slice.more()) {
                        return Optional.of(List.copyOf(latest.values()));
                    }
                }
                case FeedRead.TooOld(long needed) -> {
                    if (!readBacklog(needed)) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean readBacklog(long needed) {
        if (!(backlog.transactions(deviceId, updatedAfter, needed)
                instanceof Transactions.Known(var updates, long upTo))) {
            return false;
        }
        updates.forEach(this::take);
        hasBacklog = true;
        seenUpTo = Math.max(seenUpTo, upTo);
        return true;
    }

    private void take(TransactionUpdate update) {
        if (update.lastUpdated() > updatedAfter) {
            latest.merge(update.id(), update, (known, other) -> other.isLaterThan(known) ? other : known);
        }
    }
}
