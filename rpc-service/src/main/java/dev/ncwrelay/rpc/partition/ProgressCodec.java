package dev.ncwrelay.rpc.partition;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;

/**
 * {@link PartitionProgress} as the metadata of a committed offset: a version, then in base64url one number for each
 * range, seven bits a byte, lowest first. It holds the length of the range and, in its two lowest bits, its state.
 *
 * <p>Kafka accepts at most 4,096 characters ({@code offset.metadata.max.bytes}). What does not fit is written as one
 * uncertain range: the next owner looks its replies up.
 */
final class ProgressCodec {

    private static final char VERSION = '1';
    private static final int MAX_BYTES = 3_060;
    private static final int STATE_BITS = 2;
    private static final int STATE_MASK = 3;
    private static final int MAX_NUMBER_BYTES = 10;

    private ProgressCodec() {}

    static String write(PartitionProgress progress) {
        var bytes = new ByteArrayOutputStream();
        for (var range : progress.ranges()) {
            var one = number(range.length(), range.state());
            if (bytes.size() + one.length + MAX_NUMBER_BYTES > MAX_BYTES) {
                bytes.writeBytes(number(progress.end() - range.from(), OffsetState.UNCERTAIN));
                break;
            }
            bytes.writeBytes(one);
        }
        return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** True when half of the space is used: no more records should be started. */
    static boolean isNearLimit(PartitionProgress progress) {
        return progress.ranges().stream()
                        .mapToInt(range -> number(range.length(), range.state()).length)
                        .sum()
                > MAX_BYTES / 2;
    }

    /**
     * Reads what {@link #write} wrote for this position.
     *
     * @param metadata empty when the offset was set by another tool: then only the position is known
     * @return empty when it is not of this format
     */
    static Optional<PartitionProgress> read(long position, String metadata) {
        if (metadata.isEmpty()) {
            return Optional.of(PartitionProgress.at(position));
        }
        if (metadata.charAt(0) != VERSION) {
            return Optional.empty();
        }
        try {
            return Optional.of(ranges(position, Base64.getUrlDecoder().decode(metadata.substring(1))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    private static PartitionProgress ranges(long position, byte[] bytes) {
        var builder = new PartitionProgress.Builder(position);
        long end = position;
        int at = 0;
        while (at < bytes.length) {
            long number = 0;
            int shift = 0;
            byte next;
            do {
                next = bytes[at++];
                number |= (next & 0x7fL) << shift;
                shift += 7;
            } while (next < 0);
            var state = OffsetState.of((int) (number & STATE_MASK));
            end += number >>> STATE_BITS;
            builder.extendTo(end, state);
        }
        return builder.build();
    }

    private static byte[] number(long length, OffsetState state) {
        var bytes = new ByteArrayOutputStream();
        long rest = (length << STATE_BITS) | state.code();
        while (rest > 0x7f) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }
}
