package dev.ncwrelay.delivery.messages.mailbox;

/**
 * What is stored of an event's id.
 *
 * @param offset of the first event with this id
 * @param writtenAt timestamp of its record, in epoch milliseconds
 */
record StoredEventId(long offset, long writtenAt) {

    static StoredEventId parse(byte[] value) {
        var in = ValueFormat.EVENT_ID.read(value);
        return new StoredEventId(in.getLong(), in.getLong());
    }

    byte[] write() {
        return ValueFormat.EVENT_ID.write(
                2 * Long.BYTES, out -> out.putLong(offset).putLong(writtenAt));
    }
}
