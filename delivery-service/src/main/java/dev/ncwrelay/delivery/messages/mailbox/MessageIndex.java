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
     * @param needed how far the one that answers must have read the stream
     */
    Places places(String deviceId, Set<String> eventIds, long needed);

    /**
     * The device's messages after an offset, some hundred at the most.
     *
     * @param needed as above, unless there are more
     */
    Outlines outlines(String deviceId, long after, long needed);

    /** Where messages are. */
    sealed interface Places {

        /** The offsets of those that can be read, by event id. */
        record Known(Map<String, Long> offsets) implements Places {
            public Known {
                offsets = Map.copyOf(offsets);
            }
        }

        /** Nobody who knows can be asked just now. */
        record Away(String cause) implements Places {}
    }

    /** What comes after an offset. */
    sealed interface Outlines {

        /**
         * What is there, or the first part of it.
         *
         * @param upTo offset up to which it is complete
         * @param more true when there is more after {@code upTo} that could have been answered
         */
        record Known(List<EventMetadata> outlines, long upTo, boolean more) implements Outlines {
            public Known {
                outlines = List.copyOf(outlines);
            }
        }

        /** Something after the offset is gone, up to {@code earliest}. */
        record Gone(long earliest) implements Outlines {}

        /** Nobody who knows can be asked just now. */
        record Away(String cause) implements Outlines {}
    }
}
