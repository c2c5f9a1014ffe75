package dev.ncwrelay.delivery.mailbox;

import dev.ncwrelay.delivery.position.Position;
import java.nio.ByteBuffer;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Positions as they are kept. */
final class PositionBytes {

    private PositionBytes() {}

    static Position parse(byte @Nullable [] value) {
        if (value == null) {
            return Position.NONE;
        }
        var in = ByteBuffer.wrap(value);
        long upTo = in.getLong();
        var singles = new TreeSet<Long>();
        while (in.hasRemaining()) {
            singles.add(in.getLong());
        }
        return new Position(upTo, singles);
    }

    static byte[] write(Position position) {
        var out = ByteBuffer.allocate(Long.BYTES * (1 + position.singles().size()))
                .putLong(position.upTo());
        position.singles().forEach(out::putLong);
        return out.array();
    }
}
