package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.StartPosition;

/**
 * Reads the part of a device's stream that is older than the ring. Called at the start of a read and answers within
 * seconds; a wait never blocks in it.
 */
public interface Backlog {

    /**
     * Reads one page of the device's events.
     *
     * @param minOffset offset up to which the replica that answers must have read the stream, or the page would leave a
     *     gap; where one replica has not read that far, others are queried
     */
    Read read(String deviceId, StartPosition from, long minOffset);

    /** Result of a read. */
    sealed interface Read {

        record Found(Page page) implements Read {}

        /**
         * Events after the position were removed.
         *
         * @param trimmed true when the device exceeded its maximum number or size of events, false when their retention
         *     ended
         * @param earliest the lowest offset to continue after
         */
        record Gone(boolean trimmed, long earliest) implements Read {}

        /** No replica is reachable, or none has read far enough; never reported as an empty page. */
        record Unavailable(String cause) implements Read {}
    }
}
