package dev.ncwrelay.rpc.partition;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Optional;

/**
 * {@link PartitionProgress} as the metadata of a committed offset: a version, then in base64url for each run one number of
 * seven bits a byte, lowest first, that holds the run's length and, in its two lowest bits, its fate.
 *
 * <p>Kafka takes at most 4,096 characters ({@code offset.metadata.max.bytes}). What does not fit is told as one
 * uncertain run: the next owner asks the replies what became of it.
 */
public final class ProgressCodec {

    private static final char VERSION = '1';
    private static final int MAX_BYTES = 3_060;
    private static final int STATE_BITS = 2;
    private static final int STATE_MASK = 3;
    private static final int MAX_NUMBER_BYTES = 10;

    private ProgressCodec() {}

    public static String write(PartitionProgress progress) {
        var bytes = new ByteArrayOutputStream();
        for (var run : progress.ranges()) {
            var one = number(run.length(), run.state());
            if (bytes.size() + one.length + MAX_NUMBER_BYTES > MAX_BYTES) {
                bytes.writeBytes(number(progress.end() - run.from(), OffsetState.UNCERTAIN));
                break;
            }
            bytes.writeBytes(one);
        }
        return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    /** Whether half of what fits is used: more records had better not be begun. */
    public static boolean isNearLimit(PartitionProgress progress) {
        return progress.ranges().stream()
                        .mapToInt(run -> number(run.length(), run.state()).length)
                        .sum()
                > MAX_BYTES / 2;
    }

    /**
     * Reads what {@link #write} wrote beside this position.
     *
     * @param metadata empty where somebody else moved the offset: then nothing is known but the position
     * @return empty when it is not of this format
     */
    public static Optional<PartitionProgress> read(long position, String metadata) {
        if (metadata.isEmpty()) {
            return Optional.of(PartitionProgress.at(position));
        }
        if (metadata.charAt(0) != VERSION) {
            return Optional.empty();
        }
        try {
            return Optional.of(runs(position, Base64.getUrlDecoder().decode(metadata.substring(1))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
    }

    private static PartitionProgress runs(long position, byte[] bytes) {
        var runs = new PartitionProgress.Builder(position);
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
            var fate = OffsetState.of((int) (number & STATE_MASK));
            end += number >>> STATE_BITS;
            runs.extendTo(end, fate);
        }
        return runs.build();
    }

    private static byte[] number(long length, OffsetState fate) {
        var bytes = new ByteArrayOutputStream();
        long rest = (length << STATE_BITS) | fate.code();
        while (rest > 0x7f) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }
}
