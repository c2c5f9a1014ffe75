package dev.ncwrelay.kafka.thread;

import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads without which a service does not do its work. What such a thread does not catch, an {@link Error} above all,
 * ends the process with {@value #EXIT_CODE} as a crash does: what it was changing may be half changed, so neither a
 * shutdown hook nor a request may use it any more, and the process that is started in its place reads everything again.
 */
public final class CriticalThread {

    /** EX_SOFTWARE of sysexits.h; out of memory under {@code -XX:+ExitOnOutOfMemoryError} is 3. */
    public static final int EXIT_CODE = 70;

    private static final Logger log = LoggerFactory.getLogger(CriticalThread.class);

    private CriticalThread() {}

    /** A platform thread, which does not keep the process alive, not started yet. */
    public static Thread unstarted(String name, Runnable work) {
        return Thread.ofPlatform()
                .name(name)
                .daemon()
                .uncaughtExceptionHandler(new ExitOnFailure())
                .unstarted(work);
    }

    /** A virtual thread, started. */
    public static Thread startVirtual(String name, Runnable work) {
        return virtual().name(name).start(work);
    }

    /** Makes virtual threads with this name and a number. */
    public static ThreadFactory virtualFactory(String name) {
        return virtual().name(name, 0).factory();
    }

    private static Thread.Builder.OfVirtual virtual() {
        return Thread.ofVirtual().uncaughtExceptionHandler(new ExitOnFailure());
    }

    /**
     * Work that a timer repeats. By itself the timer would give it up without a word after an exception; so an
     * exception is logged, and an error ends the process.
     */
    public static Runnable repeated(Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                log.atWarn().addKeyValue("reason", e).log("repeated work failed, tried again");
            } catch (Throwable e) {
                end(e);
            }
        };
    }

    /** Whether the process ends with this thread's failure. */
    public static boolean isCritical(Thread thread) {
        return thread.getUncaughtExceptionHandler() instanceof ExitOnFailure;
    }

    /** Ends the process because of this failure. Does not return. */
    public static void end(Throwable failure) {
        try {
            log.atError().setCause(failure).log("a thread failed that the service cannot do without; the process ends");
        } finally {
            // Not exit: shutdown hooks would wait for what the failure may have left locked.
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
