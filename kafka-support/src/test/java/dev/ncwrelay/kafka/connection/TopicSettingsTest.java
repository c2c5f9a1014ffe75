package dev.ncwrelay.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopicSettingsTest {

    private static final Duration CHECK = Duration.ofSeconds(10);

    @Test
    void topics_haveDefaultsThatLoseNothing() {
        assertThat(bind(Map.of())).isEqualTo(new TopicSettings(12, false, (short) 3, 2, CHECK));
    }

    @Test
    void topics_areFullyMapped() {
        var settings = Map.of(
                "relay.kafka.partitions", "128",
                "relay.kafka.development-broker", "true",
                "relay.kafka.replication-factor", "4",
                "relay.kafka.min-insync-replicas", "3",
                "relay.kafka.access-check-interval", "10s");

        assertThat(bind(settings)).isEqualTo(new TopicSettings(128, true, (short) 4, 3, CHECK));
    }

    @Test
    void topics_rejectZeroPartitions_namingTheKey() {
        assertThatThrownBy(() -> new TopicSettings(0, false, (short) 3, 2, CHECK))
                .hasMessageContaining("relay.kafka.partitions");
    }

    @Test
    void topics_rejectReplicationThatMayLoseRecords_namingTheKey() {
        assertThatThrownBy(() -> new TopicSettings(1, false, (short) 3, 1, CHECK))
                .hasMessageContaining("relay.kafka.min-insync-replicas");
        assertThatThrownBy(() -> new TopicSettings(1, false, (short) 1, 2, CHECK))
                .hasMessageContaining("relay.kafka.replication-factor");
        assertThat(new TopicSettings(1, true, (short) 1, 1, CHECK).developmentBroker())
                .isTrue();
    }

    @Test
    void topics_rejectAnIntervalOfZero_namingTheKey() {
        assertThatThrownBy(() -> new TopicSettings(1, false, (short) 3, 2, Duration.ZERO))
                .hasMessageContaining("relay.kafka.access-check-interval");
    }

    private static TopicSettings bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("relay.kafka", TopicSettings.class);
    }
}
