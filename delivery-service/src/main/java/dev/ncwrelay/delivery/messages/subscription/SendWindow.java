package dev.ncwrelay.delivery.messages.subscription;

import java.util.TreeSet;

/** How many messages may be sent to a client before it acknowledges or grants more. Thread-safe. */
public final class SendWindow {

    private final int size;
    private final TreeSet<Long> unacknowledged = new TreeSet<>();
    private long credit;

    /**
     * Creates it.
     *
     * @param size maximum number of unacknowledged messages
     * @param credit number of messages that may be sent before more is granted; {@link Long#MAX_VALUE} for no limit
     */
    public SendWindow(int size, long credit) {
        this.size = size;
        this.credit = credit;
    }

    /** A window without limit, for a transport on which clients acknowledge by other requests. */
    public static SendWindow unbounded() {
        return new SendWindow(Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /** How many more messages may be sent now. */
    public synchronized int available() {
        return (int) Math.min(size - unacknowledged.size(), Math.min(credit, Integer.MAX_VALUE));
    }

    synchronized void sent(long offset) {
        if (size != Integer.MAX_VALUE) {
            unacknowledged.add(offset);
        }
        if (credit != Long.MAX_VALUE) {
            credit--;
        }
    }

    /** Records that everything up to this offset is acknowledged. */
    public synchronized void acknowledged(long offset) {
        unacknowledged.headSet(offset, true).clear();
    }

    /** Permits this many more messages. */
    public synchronized void grant(long messages) {
        credit = credit > Long.MAX_VALUE - messages ? Long.MAX_VALUE : credit + messages;
    }
}
