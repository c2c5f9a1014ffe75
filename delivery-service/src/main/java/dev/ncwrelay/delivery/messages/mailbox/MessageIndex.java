package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Offsets and metadata of a device's messages in the mailbox, without their data, so that results are small. */
public interface MessageIndex {

    /**
     * Looks up the offsets of messages by event id.
     *
     * @param minOffset offset up to which the replica that answers must have read the stream
     */
    Offsets offsetsOf(String deviceId, Set<String> eventIds, long minOffset);

    /**
     * The metadata of the device's messages after an offset, a few hundred at most.
     *
     * @param minOffset offset up to which the replica that answers must have read the stream, unless it has more messages
     */
    MetadataPage metadata(String deviceId, long after, long minOffset);

    /** Result of looking up offsets. */
    sealed interface Offsets {

        /** The offsets of those that are available, by event id. */
        record Known(Map<String, Long> offsets) implements Offsets {
            public Known {
                offsets = Map.copyOf(offsets);
            }
        }

        /** No replica is reachable, or none has read far enough. */
        record Unavailable(String cause) implements Offsets {}
    }

    /** Result of reading the messages after an offset. */
    sealed interface MetadataPage {

        /**
         * All messages, or the first of them.
         *
         * @param upTo offset up to which it is complete
         * @param more true when the replica has more messages after {@code upTo}
         */
        record Known(List<EventMetadata> metadata, long upTo, boolean more) implements MetadataPage {
            public Known {
                metadata = List.copyOf(metadata);
            }
        }

        /** Messages after the offset, up to {@code earliest}, were removed. */
        record Gone(long earliest) implements MetadataPage {}

        /** No replica is reachable, or none has read far enough. */
        record Unavailable(String cause) implements MetadataPage {}
    }
}
