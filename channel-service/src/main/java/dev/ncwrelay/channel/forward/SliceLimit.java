package dev.ncwrelay.channel.forward;

/** Limits what is being sent: how many slices, and how much their events have in all. Begun by one thread, ended by any. */
final class SliceLimit {

    private final int maxSlices;
    private final long maxBytes;
    private int slices;
    private long bytes;

    /** @param maxBytes is exceeded by the last slice that begins before it is reached */
    SliceLimit(int maxSlices, long maxBytes) {
        this.maxSlices = maxSlices;
        this.maxBytes = maxBytes;
    }

    /** Whether one more may begin. */
    synchronized boolean isFree() {
        return slices < maxSlices && bytes < maxBytes;
    }

    synchronized void begin(long size) {
        slices++;
        bytes += size;
    }

    synchronized void end(long size) {
        slices--;
        bytes -= size;
    }
}
