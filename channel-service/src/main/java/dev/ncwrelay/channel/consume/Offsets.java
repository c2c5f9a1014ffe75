package dev.ncwrelay.channel.consume;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A group's progress in a partition. It is committed as the offset {@code from}, with {@code next} and the note in the metadata
 * if {@code next} differs.
 *
 * @param from the first offset that has to be read again after a crash
 * @param next the first offset that was never read; not before {@code from}
 * @param note what of the part between the two has to be read again, for the instance that continues; ASCII
 */
public record Offsets(long from, long next, String note) {

    /** Kafka's brokers accept 4,096 bytes. */
    private static final int MAX_METADATA = 3_000;

    public Offsets {
        next = Math.max(from, next);
    }

    public Offsets(long from, long next) {
        this(from, next, "");
    }

    static Offsets of(OffsetAndMetadata committed) {
        var parts = committed.metadata().split(" ", 2);
        try {
            return new Offsets(committed.offset(), Long.parseLong(parts[0]), parts.length == 1 ? "" : parts[1]);
        } catch (NumberFormatException e) {
            return new Offsets(committed.offset(), committed.offset());
        }
    }

    OffsetAndMetadata toCommit() {
        var metadata = note.isEmpty() ? Long.toString(next) : next + " " + note;
        // Without it everything is read from there.
        return new OffsetAndMetadata(from, next == from || metadata.length() > MAX_METADATA ? "" : metadata);
    }
}
