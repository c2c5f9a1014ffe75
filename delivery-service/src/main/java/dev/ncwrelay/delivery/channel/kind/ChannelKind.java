package dev.ncwrelay.delivery.channel.kind;

import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A kind of channel, to which devices may subscribe so that their events are forwarded to it. */
public interface ChannelKind {

    /** Its name in paths and records, for example {@code rabbitmq}. */
    String name();

    /** Why it cannot be used, and what the operator can change; empty when it can be used. */
    Optional<String> unavailable();

    /**
     * What the subscription stores of a request's body. Only called when the kind can be used.
     *
     * @param body the members of the body; empty without a body
     * @throws dev.ncwrelay.delivery.failure.FailureException with an invalid request that says what is expected
     */
    Map<String, String> settings(Map<String, Object> body);

    /** Most subscriptions of this kind, of all devices; empty without a limit. */
    default OptionalInt limit() {
        return OptionalInt.empty();
    }

    /**
     * How the device's user connects to read what is forwarded, for the response. Only called when the kind can be used.
     *
     * @param subscriptionId identifies the subscription; one that begins anew has another
     */
    Object connection(RegisteredDevice device, String subscriptionId);
}
