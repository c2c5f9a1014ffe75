package dev.ncwrelay.client;

import java.time.Duration;

/**
 * Decides from silence whether a WebSocket is dead. The relay sends a ping every 15 s, so twice that is too long. After a
 * message it asks earlier, by a ping of its own: when a connection is cut right after a message, the JDK (25) may report no
 * end, since its {@code TransportImpl} loses an end that it reads before the next message is asked for.
 *
 * <p>For one thread.
 */
final class Liveness {

    /** What to do when nothing has come within the limit. */
    enum Verdict {
        PROBE,
        DEAD
    }

    /** The handshake is over, and the relay's first message must come. */
    private static final Duration OPEN = Duration.ofSeconds(10);
    /** Two heartbeats of 15 s, and some time for them to arrive. */
    private static final Duration SILENCE = Duration.ofSeconds(35);
    /** Messages of one burst follow each other sooner. */
    private static final Duration PROBE_AFTER = Duration.ofSeconds(1);

    private static final Duration PROBE_ANSWER = Duration.ofSeconds(5);

    private final Timing timing;
    private Duration limit = OPEN;
    private long since = System.nanoTime();

    Liveness(Timing timing) {
        this.timing = timing;
    }

    /** A message has come. */
    void message() {
        restart(PROBE_AFTER);
    }

    /** A ping has come, or the answer to one. */
    void heartbeat() {
        restart(SILENCE);
    }

    /** How many more nanoseconds to wait for the next sign of life. */
    long nanosLeft() {
        return since + timing.limit(limit).toNanos() - System.nanoTime();
    }

    /** The limit has passed. */
    Verdict silent() {
        if (limit.equals(PROBE_AFTER)) {
            restart(PROBE_ANSWER);
            return Verdict.PROBE;
        }
        return Verdict.DEAD;
    }

    private void restart(Duration next) {
        limit = next;
        since = System.nanoTime();
    }
}
