package dev.ncwrelay.delivery.channel.kind;

import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Map;
import java.util.Optional;

/** A kind that this version does not implement. */
record PlannedKind(String name) implements ChannelKind {

    @Override
    public Optional<String> unavailable() {
        return Optional.of("channels of the kind " + name + " are not available in this version");
    }

    @Override
    public Map<String, String> settings(Map<String, Object> body) {
        throw new IllegalStateException(name + " is not available");
    }

    @Override
    public Object connection(RegisteredDevice device, String subscriptionId) {
        throw new IllegalStateException(name + " is not available");
    }
}
