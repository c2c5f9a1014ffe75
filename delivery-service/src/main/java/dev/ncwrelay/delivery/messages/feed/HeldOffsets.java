package dev.ncwrelay.delivery.messages.feed;

import java.util.Map;

/**
 * Where messages are, as far as a ring knows.
 *
 * @param offsets by event id
 * @param minOffset how far somebody else must have read the stream to know of the others
 */
public record HeldOffsets(Map<String, Long> offsets, long minOffset) {

    public HeldOffsets {
        offsets = Map.copyOf(offsets);
    }
}
