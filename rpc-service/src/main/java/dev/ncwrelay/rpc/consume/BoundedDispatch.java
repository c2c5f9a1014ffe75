package dev.ncwrelay.rpc.consume;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;

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

    /** Share of the bound below which more is wanted again. */
    private static final double ROOMY = 0.8;

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
        threads.execute(() -> runFrom(work));
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

    /** Runs the first piece and then, on the same thread, what has waited longest. */
    private void runFrom(Runnable first) {
        var work = Optional.of(first);
        while (work.isPresent()) {
            try {
                work.get().run();
            } finally {
                work = next();
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
