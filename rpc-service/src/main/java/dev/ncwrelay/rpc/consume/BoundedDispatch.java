package dev.ncwrelay.rpc.consume;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs work, each piece on a thread of its own, up to a bound.
 *
 * <ol>
 *   <li>{@link #submit} never blocks: what is over the bound waits here, in order.
 *   <li>Never more than the bound runs at once.
 *   <li>Full and roomy lie apart, so that whoever feeds it need not stop and go with every piece.
 * </ol>
 */
final class BoundedDispatch {

    /** Share of the bound below which more is wanted again; what lies between is not used after the bound was met. */
    private static final double ROOMY = 0.95;

    private final int bound;
    private final Executor threads;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /** @param threads must start a new thread for each task */
    BoundedDispatch(int bound, Executor threads) {
        this.bound = bound;
        this.threads = threads;
    }

    void submit(Runnable work) {
        synchronized (this) {
            if (running == bound) {
                waiting.add(work);
                return;
            }
            running++;
        }
        start(work);
    }

    /** Nothing more should be submitted for now. */
    synchronized boolean isFull() {
        return running + waiting.size() >= bound;
    }

    /** There is enough room to go on submitting. */
    synchronized boolean isRoomy() {
        return running + waiting.size() <= bound * ROOMY;
    }

    synchronized int running() {
        return running;
    }

    synchronized int waiting() {
        return waiting.size();
    }

    private void start(Runnable work) {
        threads.execute(() -> {
            try {
                work.run();
            } finally {
                next().ifPresent(this::startIfPossible);
            }
        });
    }

    /** What waits when the service stops is for the next owner of its partition. */
    private void startIfPossible(Runnable work) {
        try {
            start(work);
        } catch (RejectedExecutionException e) {
            synchronized (this) {
                running--;
            }
        }
    }

    private synchronized Optional<Runnable> next() {
        var work = Optional.ofNullable(waiting.poll());
        if (work.isEmpty()) {
            running--;
        }
        return work;
    }
}
