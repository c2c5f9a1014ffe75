package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import java.util.List;

/** The latest state of each of a device's transactions, as far as the mailbox has read the stream. */
public interface TransactionBacklog {

    /**
     * Reads the transactions that were updated after a time.
     *
     * @param since in epoch milliseconds
     * @param minOffset offset up to which the replica that answers must have read the stream
     */
    Transactions transactions(String deviceId, long since, long minOffset);

    /** Result of a read. */
    sealed interface Transactions {

        /**
         * The latest state of each transaction.
         *
         * @param upTo offset up to which the replica has read the stream
         */
        record Known(List<TransactionUpdate> updates, long upTo) implements Transactions {
            public Known {
                updates = List.copyOf(updates);
            }
        }

        /** No replica is reachable, or none has read far enough. */
        record Unavailable(String cause) implements Transactions {}
    }
}
