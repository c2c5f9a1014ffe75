package dev.ncwrelay.bench.screen;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lines for people, and how far a slow step is: in place on a terminal, else a line now and then. */
public final class Screen {

    private static final boolean TERMINAL = Optional.ofNullable(System.console())
            .map(java.io.Console::isTerminal)
            .orElse(false);
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final long SECONDS_BETWEEN = TERMINAL ? 1 : 10;

    private final PrintWriter out;

    public Screen(PrintWriter out) {
        this.out = out;
    }

    public synchronized void line(String text) {
        out.println(TERMINAL ? ERASE_LINE + text : text);
    }

    /** Says how far a step is, from time to time until it is closed. */
    public Watch watch(Supplier<String> howFar) {
        var watch = new Watch();
        Thread.ofPlatform().daemon().name("progress").start(() -> {
            while (!watch.endsWithin(SECONDS_BETWEEN)) {
                show(howFar.get());
            }
        });
        return watch;
    }

    private synchronized void show(String text) {
        if (TERMINAL) {
            out.print(ERASE_LINE + "  ... " + text);
            out.flush();
        } else {
            out.println("  ... " + text);
        }
    }

    /** A step that is being watched. */
    public static final class Watch implements AutoCloseable {

        private final CountDownLatch ended = new CountDownLatch(1);

        private Watch() {}

        private boolean endsWithin(long seconds) {
            try {
                return ended.await(seconds, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }

        @Override
        public void close() {
            ended.countDown();
        }
    }
}
