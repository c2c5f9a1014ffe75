package dev.ncwrelay.delivery.messages.mailbox;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The kinds of values in a mailbox. A value begins with a byte that says which version of its kind's format it has, so
 * that a value of another build is refused, with the kind and both versions, and never misread.
 *
 * <p>Versions start at 1: values of builds without a version begin with 0 or 255, the first byte of a number.
 */
enum ValueFormat {
    HEADER("header", 1),
    EVENT("event", 1),
    EVENT_ID("event id", 1),
    ACKNOWLEDGED("acknowledged positions", 1),
    TRANSACTION("transaction", 1),
    CLEANUP("cleanup", 1),
    PROGRESS("progress", 1);

    private final String title;
    private final int version;

    ValueFormat(String title, int version) {
        this.title = title;
        this.version = version;
    }

    /**
     * A value, with its version.
     *
     * @param size bytes of the fields
     * @param fields writes them
     */
    byte[] write(int size, Consumer<ByteBuffer> fields) {
        var value = ByteBuffer.allocate(1 + size);
        value.put((byte) version);
        fields.accept(value);
        return value.array();
    }

    /**
     * The fields of a value, which follow its version.
     *
     * @throws UnknownFormatException when it has another version than the one this build reads
     */
    ByteBuffer read(byte[] value) {
        int found = value.length == 0 ? 0 : Byte.toUnsignedInt(value[0]);
        if (found != version) {
            throw new UnknownFormatException(title, found, version);
        }
        return ByteBuffer.wrap(value, 1, value.length - 1);
    }
}
