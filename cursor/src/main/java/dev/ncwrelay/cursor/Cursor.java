package dev.ncwrelay.cursor;

/**
 * A position in a device's stream: everything up to and including {@code offset} has been seen.
 *
 * @param generation generation of the topic that the offset belongs to
 * @param epoch owner epoch of the device when the cursor was made; the cursor is not valid in another
 * @param partition the device's partition
 * @param offset offset of the last record seen; -1 before the first
 */
public record Cursor(int generation, long epoch, int partition, long offset) {

    public Cursor {
        if (partition < 0 || offset < -1) {
            throw new IllegalArgumentException("invalid position: partition " + partition + ", offset " + offset);
        }
    }
}
