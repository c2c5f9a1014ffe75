package dev.ncwrelay.kafka.thread;

import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that a service cannot work without. An uncaught failure of such a thread, usually an {@link Error}, halts the
 * process with {@value #EXIT_CODE}, as a crash does: the thread's data may be inconsistent, so neither shutdown hooks nor
 * requests may use it, and the restarted process loads everything again.
 */
public final class CriticalThread {

    /** EX_SOFTWARE of sysexits.h; out of memory under {@code -XX:+ExitOnOutOfMemoryError} is 3. */
    public static final int EXIT_CODE = 70;

    private static final Logger log = LoggerFactory.getLogger(CriticalThread.class);

    private CriticalThread() {}

    /** A daemon platform thread, not started yet. */
    public static Thread unstarted(String name, Runnable work) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(new ExitOnFailure())
                .unstarted(work);
    }

    /** Starts a virtual thread. */
    public static Thread startVirtual(String name, Runnable work) {
        return virtual().name(name).start(work);
    }

    /** Creates virtual threads with this name and a number. */
    public static ThreadFactory virtualFactory(String name) {
        return virtual().name(name, 0).factory();
    }

    private static Thread.Builder.OfVirtual virtual() {
        return Thread.ofVirtual().uncaughtExceptionHandler(new ExitOnFailure());
    }

    /**
     * Wraps a scheduled task: exceptions are logged, errors end the process. An executor would silently cancel the task
     * after either.
     */
    public static Runnable repeated(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("reason", e).log("scheduled task failed, will retry");
            } catch (Throwable e) {
                end(e);
            }
        };
    }

    /** Whether an uncaught failure of this thread ends the process. */
    public static boolean isCritical(Thread thread) {
        return thread.getUncaughtExceptionHandler() instanceof ExitOnFailure;
    }

    /** Halts the process because of this failure. Does not return. */
    public static void end(Throwable failure) {
        try {
            log.atError().setCause(failure).log("critical thread failed, the process ends");
        } finally {
            // Not exit: shutdown hooks would wait for locks that the failed thread may hold.
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private static final class ExitOnFailure implements Thread.UncaughtExceptionHandler {
        @Override
        public void uncaughtException(Thread thread, Throwable failure) {
            end(failure);
        }
    }
}
