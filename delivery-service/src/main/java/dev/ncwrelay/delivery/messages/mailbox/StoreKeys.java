package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of a mailbox: one letter for the kind of entry, then the length of the device id and the device id, then
 * what identifies the entry within the device. Numbers are big-endian, so that keys are in numeric order.
 */
final class StoreKeys {

    /** The partition's progress. */
    static final Bytes PROGRESS = Bytes.wrap(new byte[] {'z'});

    private static final byte HEADER = 'd';
    private static final byte EVENT = 'm';
    private static final byte ID = 'i';
    private static final byte ACKNOWLEDGED = 'a';
    private static final byte TRANSACTION = 't';
    private static final byte DUE = 'x';

    private StoreKeys() {}

    static Bytes header(String deviceId) {
        return of(HEADER, deviceId, 0, _ -> {});
    }

    static Bytes event(String deviceId, long offset) {
        return of(EVENT, deviceId, Long.BYTES, key -> key.putLong(offset));
    }

    /** The offset in an event's key. */
    static long offset(Bytes event) {
        return ByteBuffer.wrap(event.get()).getLong(event.get().length - Long.BYTES);
    }

    static Bytes id(String deviceId, String eventId) {
        var bytes = eventId.getBytes(StandardCharsets.UTF_8);
        return of(ID, deviceId, bytes.length, key -> key.put(bytes));
    }

    static Bytes acknowledged(String deviceId) {
        return of(ACKNOWLEDGED, deviceId, 0, _ -> {});
    }

    static Bytes transaction(String deviceId, String transactionId) {
        var bytes = transactionId.getBytes(StandardCharsets.UTF_8);
        return of(TRANSACTION, deviceId, bytes.length, key -> key.put(bytes));
    }

    /** A cleanup task of a device, due at this time in epoch milliseconds. */
    static Bytes due(long at, CleanupTask task, String deviceId) {
        var id = deviceId.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES + 1 + id.length)
                .put(DUE)
                .putLong(at)
                .put(task.code())
                .put(id)
                .array());
    }

    /** The last possible key of tasks that are due up to this time. */
    static Bytes dueUpTo(long at) {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + Long.BYTES).put(DUE).putLong(at + 1).array());
    }

    static DueCleanup parseDue(Bytes key) {
        var fields = ByteBuffer.wrap(key.get(), 1, key.get().length - 1);
        fields.getLong();
        var task = CleanupTask.of(fields.get());
        return new DueCleanup(task, StandardCharsets.UTF_8.decode(fields).toString());
    }

    static Bytes firstDue() {
        return Bytes.wrap(
                ByteBuffer.allocate(1 + Long.BYTES).put(DUE).putLong(0).array());
    }

    /** The first possible key of the device's event ids. */
    static Bytes firstId(String deviceId) {
        return of(ID, deviceId, 0, _ -> {});
    }

    static Bytes firstTransaction(String deviceId) {
        return of(TRANSACTION, deviceId, 0, _ -> {});
    }

    /** The first key after all keys that begin with this prefix. */
    static Bytes end(Bytes prefix) {
        var bytes = Arrays.copyOf(prefix.get(), prefix.get().length);
        for (int at = bytes.length - 1; at >= 0; at--) {
            if (bytes[at] != (byte) 0xff) {
                bytes[at]++;
                return Bytes.wrap(Arrays.copyOf(bytes, at + 1));
            }
        }
        throw new IllegalArgumentException("a prefix cannot consist of 0xff bytes");
    }

    private static Bytes of(byte kind, String deviceId, int room, java.util.function.Consumer<ByteBuffer> rest) {
        var id = deviceId.getBytes(StandardCharsets.UTF_8);
        var key = ByteBuffer.allocate(1 + Integer.BYTES + id.length + room)
                .put(kind)
                .putInt(id.length)
                .put(id);
        rest.accept(key);
        return Bytes.wrap(key.array());
    }
}
