package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.RingState;
import dev.ncwrelay.delivery.messages.mailbox.peer.MailboxNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Gauges of this node's rings and mailboxes: what they hold, and their lag. */
final class NodeMetrics implements MeterBinder {

    private final Feed feed;
    private final MailboxNode mailboxes;

    NodeMetrics(Feed feed, MailboxNode mailboxes) {
        this.feed = feed;
        this.mailboxes = mailboxes;
    }

    @Override
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder(
                        "relay.feed.bytes",
                        feed,
                        held -> held.states().stream()
                                .mapToLong(RingState::bytes)
                                .sum())
                .baseUnit("bytes")
                .description("bytes of the events in the rings")
                .register(metrics);
        Gauge.builder("relay.feed.window", feed, held -> held.window().toMillis() / 1_000.0)
                .baseUnit("seconds")
                .description("age of the oldest event in the ring that reaches back least")
                .register(metrics);
        Gauge.builder("relay.mailbox.lag", this, NodeMetrics::lag)
                .baseUnit("records")
                .description("events that this node's rings have and its mailbox copies do not have yet")
                .register(metrics);
        Gauge.builder("relay.mailbox.gap", this, NodeMetrics::gap)
                .baseUnit("records")
                .description("events between mailbox copies and rings that neither has: reads that need them are 503")
                .register(metrics);
    }

    private double gap() {
        var states = feed.states();
        long records = 0;
        for (int partition = 0; partition < states.size(); partition++) {
            var state = states.get(partition);
            var upTo = mailboxes.progress(partition);
            if (upTo.isPresent() && state.start() > 0) {
                records += Math.max(0, state.start() - 1 - upTo.getAsLong());
            }
        }
        return records;
    }

    private double lag() {
        var states = feed.states();
        long records = 0;
        for (int partition = 0; partition < states.size(); partition++) {
            var upTo = mailboxes.progress(partition);
            if (upTo.isPresent()) {
                records += Math.max(0, states.get(partition).next() - 1 - upTo.getAsLong());
            }
        }
        return records;
    }
}
