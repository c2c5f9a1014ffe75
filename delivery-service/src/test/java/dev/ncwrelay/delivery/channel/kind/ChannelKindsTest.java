package dev.ncwrelay.delivery.channel.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelKindsTest {

    private final ChannelKinds kinds = new ChannelKinds(List.of(
            new Kind("pigeon", Optional.of("no pigeons")),
            new Kind("telegraph", Optional.empty()),
            new Kind("fax", Optional.of("no paper"))));

    @Test
    void kinds_areFoundByTheirNames() {
        assertThat(kinds.names()).containsExactly("fax", "pigeon", "telegraph");
        assertThat(kinds.named("fax")).contains(new Kind("fax", Optional.of("no paper")));
        assertThat(kinds.named("Fax")).isEmpty();
    }

    @Test
    void usable_areThoseThatAreNotUnavailable() {
        assertThat(kinds.usable()).containsExactly(new Kind("telegraph", Optional.empty()));
        assertThat(kinds.unavailable()).isEqualTo("no paper; no pigeons");
    }

    @Test
    void twoKinds_ofOneName_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelKinds(
                        List.of(new Kind("fax", Optional.empty()), new Kind("fax", Optional.of("no paper")))));
    }

    @Test
    void settings_areNotShown() {
        assertThat(new ChannelSettings("phone", Map.of("token", "secret")).toString())
                .contains("phone")
                .doesNotContain("secret");
    }

    private record Kind(String name, Optional<String> unavailable) implements ChannelKind {

        @Override
        public ChannelSettings settings(Map<String, Object> body) {
            return ChannelSettings.none();
        }

        @Override
        public Object connection(RegisteredDevice device, ChannelSubscription subscription) {
            return Map.of();
        }
    }
}
