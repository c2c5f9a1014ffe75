package dev.ncwrelay.channel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.channel.consume.ReadEvent;
import dev.ncwrelay.channel.consume.ReadEvents;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.WithNull;
import org.jspecify.annotations.Nullable;

class EventOwnerProperties {

    /** An event is never of the present tenant and of another one at once: its offset and its wallet decide. */
    @Property
    void event_isOfThePresentTenant_exactlyIfItIsOfThePresentOwnership(
            @ForAll @IntRange(min = 0, max = 20) int offset,
            @ForAll @IntRange(min = -1, max = 20) int eventsFrom,
            @ForAll @WithNull @AlphaChars @StringLength(min = 1, max = 1) @Nullable String written,
            @ForAll @WithNull @AlphaChars @StringLength(min = 1, max = 1) @Nullable String present,
            @ForAll boolean otherWallet) {
        var event = event(offset, otherWallet ? "other" : "wallet", written);

        var owner = EventOwner.of(event, Optional.of(device(present, eventsFrom)));

        assertThat(owner.isUndisputed(event))
                .isEqualTo(offset >= eventsFrom && !otherWallet && Objects.equals(written, present));
        if (offset >= eventsFrom && !otherWallet) {
            assertThat(owner).isEqualTo(new EventOwner(present, 5));
        } else {
            assertThat(owner).isEqualTo(new EventOwner(written, -1));
        }
    }

    @Example
    void eventOfADeviceThatIsNotRegisteredAnyMore_isOfTheTenantThatWasWritten() {
        assertThat(EventOwner.of(event(0, "wallet", "acme"), Optional.empty())).isEqualTo(new EventOwner("acme", -1));
    }

    private static RegisteredDevice device(@Nullable String tenant, long eventsFrom) {
        return new RegisteredDevice(
                "device", "wallet", "user", tenant, Instant.EPOCH, Instant.EPOCH, 5, eventsFrom, null);
    }

    private static ReadEvent event(long offset, String wallet, @Nullable String tenant) {
        return ReadEvents.of(offset, "id", "device", wallet, tenant);
    }
}
