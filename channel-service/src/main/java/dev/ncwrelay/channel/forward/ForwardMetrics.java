package dev.ncwrelay.channel.forward;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** Metrics of one kind of channel. */
final class ForwardMetrics {

    private final Counter accepted;
    private final Counter refused;
    private final Counter gone;
    private final Counter retries;

    ForwardMetrics(MeterRegistry meters, String kind) {
        this.accepted = messages(meters, kind, "accepted");
        this.refused = messages(meters, kind, "refused");
        this.gone = messages(meters, kind, "gone");
        this.retries = Counter.builder("relay.channel.retries")
                .description("Batches of events that are forwarded again because the kind of channel is unavailable")
                .tag("kind", kind)
                .register(meters);
    }

    private static Counter messages(MeterRegistry meters, String kind, String result) {
        return Counter.builder("relay.channel.messages")
                .description("Messages sent to channels")
                .tag("kind", kind)
                .tag("result", result)
                .register(meters);
    }

    static void behind(MeterRegistry meters, String kind, LongSupplier behind) {
        Gauge.builder("relay.channel.behind", behind::getAsLong)
                .description(
                        "Subscriptions whose events wait in Kafka, because they are new or their channel refuses them")
                .tag("kind", kind)
                .register(meters);
    }

    static void lag(MeterRegistry meters, String kind, LongSupplier lag) {
        Gauge.builder("relay.channel.lag", lag::getAsLong)
                .description("Events of this instance's partitions that are not forwarded yet")
                .baseUnit("records")
                .tag("kind", kind)
                .register(meters);
    }

    void sent(SendOutcome outcome) {
        switch (outcome) {
            case SendOutcome.Accepted() -> accepted.increment();
            case SendOutcome.Refused(var _) -> refused.increment();
            case SendOutcome.Gone(var _) -> gone.increment();
        }
    }

    void retried() {
        retries.increment();
    }
}
