package dev.ncwrelay.delivery.channel.registry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Gauges of a node's registry: what it has read, and its lag. */
record ChannelRegistryMetrics(ChannelRegistry registry) implements MeterBinder {

    @Override
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("relay.channel.registry.subscriptions", registry, ChannelRegistry::size)
                .description("subscriptions to channels that this node has read")
                .register(metrics);
        Gauge.builder("relay.channel.registry.lag", registry, ChannelRegistry::lag)
                .baseUnit("records")
                .description("subscriptions and states that are written and that this node has not read yet")
                .register(metrics);
    }
}
