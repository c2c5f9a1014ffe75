package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import java.util.List;

/** The latest word on each of a device's transactions, as far as the mailbox has read. */
public interface TransactionBacklog {

    /**
     * Reads those that were updated after a time.
     *
     * @param since in epoch milliseconds
     * @param minOffset how far the one that answers must have read the stream
     */
    Transactions transactions(String deviceId, long since, long minOffset);

    /** What a read comes to. */
    sealed interface Transactions {

        /**
         * The latest word on each.
         *
         * @param upTo offset up to which the stream has been taken into account
         */
        record Known(List<TransactionUpdate> updates, long upTo) implements Transactions {
            public Known {
                updates = List.copyOf(updates);
            }
        }

        /** Nobody who knows can be asked just now. */
        record Unavailable(String cause) implements Transactions {}
    }
}
