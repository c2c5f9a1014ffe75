package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/**
 * An event as it is stored in a mailbox.
 *
 * @param offset its offset in the partition
 * @param writtenAt timestamp of its record, in epoch milliseconds
 * @param record the record's value, in wire format
 */
public record StoredEvent(long offset, long writtenAt, ByteBuffer record) {

    static StoredEvent parse(Bytes key, byte[] value) {
        var in = ValueFormat.EVENT.read(value);
        long writtenAt = in.getLong();
        return new StoredEvent(StoreKeys.offset(key), writtenAt, in.slice());
    }

    byte[] write() {
        return ValueFormat.EVENT.write(
                Long.BYTES + record.remaining(), out -> out.putLong(writtenAt).put(record.duplicate()));
    }

    int size() {
        return record.remaining();
    }

    /** The record as an array. */
    public byte[] bytes() {
        var bytes = new byte[record.remaining()];
        record.duplicate().get(bytes);
        return bytes;
    }
}
