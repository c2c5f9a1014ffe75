package dev.ncwrelay.delivery.messages.feed;

import java.util.Map;

/**
 * Offsets of events that were looked up by id in a ring.
 *
 * @param offsets by event id
 * @param minOffset offset up to which a mailbox must have read the stream to answer for the other ids
 */
public record HeldOffsets(Map<String, Long> offsets, long minOffset) {

    public HeldOffsets {
        offsets = Map.copyOf(offsets);
    }
}
