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
 * Logs rejected webhooks: one per outcome and ten seconds, with the number of those left out before it. Anyone can send
 * requests, and one line for each could fill the disk. The metric counts all of them.
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

    /** @param outcome one of the few values of {@link WebhookOutcome#result()} */
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
                .log("webhook rejected");
    }
}
