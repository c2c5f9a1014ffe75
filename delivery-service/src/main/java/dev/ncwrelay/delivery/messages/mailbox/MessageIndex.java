package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is known of a device's messages beyond the ring without reading what they say: answers are small. */
public interface MessageIndex {

    /**
     * Where messages are.
     *
     * @param minOffset how far the one that answers must have read the stream
     */
    Offsets offsetsOf(String deviceId, Set<String> eventIds, long minOffset);

    /**
     * The device's messages after an offset, some hundred at the most.
     *
     * @param minOffset as above, unless there are more
     */
    MetadataPage metadata(String deviceId, long after, long minOffset);

    /** Where messages are. */
    sealed interface Offsets {

        /** The offsets of those that can be read, by event id. */
        record Known(Map<String, Long> offsets) implements Offsets {
            public Known {
                offsets = Map.copyOf(offsets);
            }
        }

        /** Nobody who knows can be asked just now. */
        record Unavailable(String cause) implements Offsets {}
    }

    /** What comes after an offset. */
    sealed interface MetadataPage {

        /**
         * What is there, or the first part of it.
         *
         * @param upTo offset up to which it is complete
         * @param more true when there is more after {@code upTo} that could have been answered
         */
        record Known(List<EventMetadata> metadata, long upTo, boolean more) implements MetadataPage {
            public Known {
                metadata = List.copyOf(metadata);
            }
        }

        /** Something after the offset is gone, up to {@code earliest}. */
        record Gone(long earliest) implements MetadataPage {}

        /** Nobody who knows can be asked just now. */
        record Unavailable(String cause) implements MetadataPage {}
    }
}
