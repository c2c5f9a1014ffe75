package dev.ncwrelay.delivery.channel.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelKindsTest {

    private final ChannelKinds kinds =
            new ChannelKinds(List.of(new PlannedKind("kafka"), new Usable("telegraph"), new PlannedKind("fcm")));

    @Test
    void kinds_areFoundByTheirNames() {
        assertThat(kinds.names()).containsExactly("fcm", "kafka", "telegraph");
        assertThat(kinds.named("kafka")).contains(new PlannedKind("kafka"));
        assertThat(kinds.named("Kafka")).isEmpty();
    }

    @Test
    void usable_areThoseThatAreNotUnavailable() {
        assertThat(kinds.usable()).containsExactly(new Usable("telegraph"));
        assertThat(kinds.unavailable())
                .isEqualTo("channels of the kind fcm are not available in this version; channels of the kind kafka"
                        + " are not available in this version");
    }

    @Test
    void twoKinds_ofOneName_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChannelKinds(List.of(new PlannedKind("fcm"), new Usable("fcm"))));
    }

    private record Usable(String name) implements ChannelKind {

        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        public Map<String, String> settings(Map<String, Object> body) {
            return Map.of();
        }

        @Override
        public Object connection(RegisteredDevice device, String subscriptionId) {
            return Map.of();
        }
    }
}
