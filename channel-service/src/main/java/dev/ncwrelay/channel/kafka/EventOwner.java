package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose event it is. An event of the present ownership of its device belongs to the tenant of that; one of a former ownership to
 * the tenant that ingress-service wrote in it.
 *
 * @param tenant null for the default tenant, and when it is not known
 * @param epoch of the ownership; {@value #UNKNOWN} for a former one
 */
record EventOwner(@Nullable String tenant, long epoch) {

    /** No ownership has it, so a cursor with it is valid in none. */
    private static final long UNKNOWN = -1;

    /** Whether ingress-service, when it wrote the event, and the present registration name the same tenant. */
    boolean isUndisputed(ReadEvent event) {
        return epoch != UNKNOWN && Objects.equals(tenant, event.event().getTenant());
    }

    /** @param device the event's, as it is registered now */
    static EventOwner of(ReadEvent event, Optional<RegisteredDevice> device) {
        return device.filter(found -> found.owns(event.offset(), event.event().getWalletId()))
                .map(found -> new EventOwner(found.tenant(), found.epoch()))
                .orElseGet(() -> new EventOwner(event.event().getTenant(), UNKNOWN));
    }
}
