package dev.ncwrelay.delivery.messages.feed;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Latency of events by stage, {@code relay.delivery.latency{stage}}: each stage is measured from the moment the relay
 * received the webhook, so that stages can be compared. Only {@code received} is the time before that, since Fireblocks
 * created the event. Clocks of several machines are compared; a negative duration counts as zero.
 */
public final class LatencyMetrics {

    private final Clock clock;
    private final Timer received;
    private final Timer recordWritten;
    private final Timer recordRead;
    private final Timer recordSent;
    private final Timer recordAcknowledged;

    public LatencyMetrics(Clock clock, MeterRegistry metrics) {
        this.clock = clock;
        this.received = timer(metrics, "received");
        this.recordWritten = timer(metrics, "written");
        this.recordRead = timer(metrics, "read");
        this.recordSent = timer(metrics, "sent");
        this.recordAcknowledged = timer(metrics, "acknowledged");
    }

    /**
     * Records that this node has read the event.
     *
     * @param writtenAt timestamp of the Kafka record
     */
    public void recordRead(Instant createdAt, Instant receivedAt, Instant writtenAt) {
        record(received, createdAt, receivedAt);
        record(recordWritten, receivedAt, writtenAt);
        record(recordRead, receivedAt, clock.instant());
    }

    /** Records that the event was sent to a client. */
    public void recordSent(Instant receivedAt) {
        record(recordSent, receivedAt, clock.instant());
    }

    /** Records that an acknowledgement of the event was stored. */
    public void recordAcknowledged(Instant receivedAt) {
        record(recordAcknowledged, receivedAt, clock.instant());
    }

    private static void record(Timer timer, Instant from, Instant to) {
        var duration = Duration.between(from, to);
        timer.record(duration.isNegative() ? Duration.ZERO : duration);
    }

    private static Timer timer(MeterRegistry metrics, String stage) {
        return Timer.builder("relay.delivery.latency")
                .description("from the receipt of a webhook to this stage of its event")
                .tag("stage", stage)
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(metrics);
    }
}
