package dev.ncwrelay.delivery.channel.kind;

import dev.ncwrelay.avro.ChannelSubscription;
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
     * What the subscription stores of a request's body, and its name. Only called when the kind can be used.
     *
     * @param body the members of the body; empty without a body
     * @throws dev.ncwrelay.delivery.failure.FailureException with an invalid request that says what is expected
     */
    ChannelSettings settings(Map<String, Object> body);

    /** Most subscriptions of this kind, of all devices; empty without a limit. */
    default OptionalInt limit() {
        return OptionalInt.empty();
    }

    /** Most subscriptions of one device, each with a name; empty for a kind that has one per device, without a name. */
    default OptionalInt perDevice() {
        return OptionalInt.empty();
    }

    /**
     * How the device's user receives what is forwarded, for the response: nothing secret. Only called when the kind can be
     * used.
     *
     * @param subscription one that begins anew has another id
     */
    Object connection(RegisteredDevice device, ChannelSubscription subscription);
}
