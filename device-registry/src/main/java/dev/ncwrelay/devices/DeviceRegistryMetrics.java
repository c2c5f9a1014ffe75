package dev.ncwrelay.devices;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Gauges of a node's registry: what it has read, and its lag. */
public final class DeviceRegistryMetrics implements MeterBinder {

    private final DeviceRegistry registry;

    public DeviceRegistryMetrics(DeviceRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void bindTo(MeterRegistry metrics) {
        Gauge.builder("relay.device.registry.devices", registry, DeviceRegistry::size)
                .description("registered devices that this node has read")
                .register(metrics);
        Gauge.builder("relay.device.registry.lag", registry, DeviceRegistry::lag)
                .baseUnit("records")
                .description("registrations that are written and that this node has not read yet")
                .register(metrics);
    }
}
