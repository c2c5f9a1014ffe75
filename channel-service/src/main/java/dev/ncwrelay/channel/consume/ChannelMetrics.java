package dev.ncwrelay.channel.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.LongSupplier;

/** Metrics of one kind of channel. */
public final class ChannelMetrics {

    private final MeterRegistry meters;
    private final String kind;
    private final Counter accepted;
    private final Counter refused;
    private final Counter gone;
    private final Counter retries;

    public ChannelMetrics(MeterRegistry meters, String kind) {
        this.meters = meters;
        this.kind = kind;
        this.accepted = messages("accepted");
        this.refused = messages("refused");
        this.gone = messages("gone");
        this.retries = Counter.builder("relay.channel.retries")
                .description("Batches of events, or push messages, that are sent again because none is accepted now")
                .tag("kind", kind)
                .register(meters);
    }

    /** Registers the number of subscriptions, partitions of topics or devices whose events wait. */
    public void behind(LongSupplier behind) {
        Gauge.builder("relay.channel.behind", behind::getAsLong)
                .description(
                        "Subscriptions, or partitions of topics, whose events wait in Kafka; devices that are woken until they acknowledge")
                .tag("kind", kind)
                .register(meters);
    }

    /** Registers the number of events of this instance's partitions that are not read yet. */
    public void lag(LongSupplier lag) {
        Gauge.builder("relay.channel.lag", lag::getAsLong)
                .description("Events of this instance's partitions that are not read yet")
                .baseUnit("records")
                .tag("kind", kind)
                .register(meters);
    }

    public void accepted() {
        accepted.increment();
    }

    public void refused() {
        refused.increment();
    }

    public void gone() {
        gone.increment();
    }

    public void retried() {
        retries.increment();
    }

    private Counter messages(String result) {
        return Counter.builder("relay.channel.messages")
                .description("Messages sent to channels")
                .tag("kind", kind)
                .tag("result", result)
                .register(meters);
    }
}
