package dev.ncwrelay.rpc.credentials;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs the signatures of one token, a bounded number at a time: a token has few sessions, and a call into its library keeps
 * its thread, which must therefore be none that virtual threads run on. The threads end when they have been idle.
 */
public final class SigningSessions {

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    /** @param count signatures at a time, at least 1 */
    public SigningSessions(int count) {
        threads = new ThreadPoolExecutor(
                count,
                count,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("signing-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs this signature and returns its result.
     *
     * @param limit for the signature and the wait for a session
     * @throws TimeoutException when it took longer; it does not begin any more if it had not
     * @throws ExecutionException with what the signature threw
     */
    public <T> T run(Callable<T> signature, Duration limit)
            throws InterruptedException, TimeoutException, ExecutionException {
        var task = new FutureTask<>(signature);
        threads.execute(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!task.isDone()) {
                task.cancel(true);
                threads.remove(task);
            }
        }
    }
}
