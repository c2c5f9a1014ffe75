package dev.ncwrelay.channel.consume;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * A group's progress in a partition. It is committed as the offset {@code from} with {@code next} in the metadata, if they
 * differ.
 *
 * @param from the first offset that has to be read again after a crash
 * @param next the first offset that was never read; not before {@code from}
 */
public record Offsets(long from, long next) {

    public Offsets {
        next = Math.max(from, next);
    }

    static Offsets of(OffsetAndMetadata committed) {
        return new Offsets(committed.offset(), next(committed));
    }

    OffsetAndMetadata toCommit() {
        return new OffsetAndMetadata(from, next == from ? "" : Long.toString(next));
    }

    private static long next(OffsetAndMetadata committed) {
        try {
            return Long.parseLong(committed.metadata());
        } catch (NumberFormatException e) {
            return committed.offset();
        }
    }
}
