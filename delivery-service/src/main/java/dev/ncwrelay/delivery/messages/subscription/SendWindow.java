package dev.ncwrelay.delivery.messages.subscription;

import java.util.TreeSet;

/** How many messages a client may be sent before it acknowledges or grants more. Safe for use by several threads. */
public final class SendWindow {

    private final int size;
    private final TreeSet<Long> unacknowledged = new TreeSet<>();
    private long credit;

    /**
     * Creates it.
     *
     * @param size messages that may be unacknowledged
     * @param credit messages that may be sent before more is granted; {@link Long#MAX_VALUE} for any number
     */
    public SendWindow(int size, long credit) {
        this.size = size;
        this.credit = credit;
    }

    /** For a transport on which clients acknowledge elsewhere. */
    public static SendWindow unbounded() {
        return new SendWindow(Integer.MAX_VALUE, Long.MAX_VALUE);
    }

    /** How many more may be sent now. */
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

    /** Everything up to this offset is acknowledged. */
    public synchronized void acknowledged(long offset) {
        unacknowledged.headSet(offset, true).clear();
    }

    /** So many more may be sent. */
    public synchronized void grant(long messages) {
        credit = credit > Long.MAX_VALUE - messages ? Long.MAX_VALUE : credit + messages;
    }
}
