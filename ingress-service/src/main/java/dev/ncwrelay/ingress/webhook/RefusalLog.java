package dev.ncwrelay.ingress.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs webhooks that are not taken: of each outcome one in ten seconds, with the number of those before it that were
 * left out. Anyone can send requests, and a line for each would fill the disk. The metric counts all of them.
 */
final class RefusalLog {

    private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    private final Clock clock;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();

    private static final class Line {
        private final AtomicLong leftOut = new AtomicLong();
        private Instant next = Instant.MIN;

        private synchronized boolean isDue(Instant now) {
            if (now.isBefore(next)) {
                return false;
            }
            next = now.plus(BETWEEN_LINES);
            return true;
        }
    }

    RefusalLog(Clock clock) {
        this.clock = clock;
    }

    /** The outcome is one of {@link WebhookOutcome#result()}, so that there are few. */
    void add(String outcome, String reason) {
        var line = lines.computeIfAbsent(outcome, _ -> new Line());
        if (!line.isDue(clock.instant())) {
            line.leftOut.incrementAndGet();
            return;
        }
        log.atWarn()
                .addKeyValue("outcome", outcome)
                .addKeyValue("reason", reason)
                .addKeyValue("leftOut", line.leftOut.getAndSet(0))
                .log("webhook not taken");
    }
}
