package dev.ncwrelay.channel.forward;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.util.concurrent.Executor;

/**
 * Where slices of events are sent, for all partitions of a kind of channel together. Subscriptions whose channel has refused an
 * event have a lane of their own: what takes long there takes no place from the others.
 *
 * @param executor runs each slice
 * @param shared limits slices for subscriptions that are behind for another reason
 * @param alone limits slices for one that was refused
 */
record Lanes(Executor executor, SliceLimit shared, SliceLimit alone) {

    private static final int MAX_SHARED = 32;

    /** Most have one event: the next of a channel that accepts none. */
    private static final int MAX_ALONE = 64;

    private static final long MAX_BYTES = 32L * 1024 * 1024;

    /** On virtual threads. */
    static Lanes of(String kind) {
        return new Lanes(
                task -> CriticalThread.startVirtual("catch-up " + kind, task),
                new SliceLimit(MAX_SHARED, MAX_BYTES),
                new SliceLimit(MAX_ALONE, MAX_BYTES));
    }
}
