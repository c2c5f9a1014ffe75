package dev.ncwrelay.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TopicSettingsTest {

    @Test
    void topics_haveDefaultsThatLoseNothing() {
        assertThat(bind(Map.of())).isEqualTo(new TopicSettings(12, false, (short) 3, 2));
    }

    @Test
    void topics_areFullyMapped() {
        var settings = Map.of(
                "relay.kafka.partitions", "128",
                "relay.kafka.development-broker", "true",
                "relay.kafka.replication-factor", "4",
                "relay.kafka.min-insync-replicas", "3");

        assertThat(bind(settings)).isEqualTo(new TopicSettings(128, true, (short) 4, 3));
    }

    @Test
    void topics_rejectZeroPartitions_namingTheKey() {
        assertThatThrownBy(() -> new TopicSettings(0, false, (short) 3, 2))
                .hasMessageContaining("relay.kafka.partitions");
    }

    @Test
    void topics_rejectReplicationThatMayLoseRecords_namingTheKey() {
        assertThatThrownBy(() -> new TopicSettings(1, false, (short) 3, 1))
                .hasMessageContaining("relay.kafka.min-insync-replicas");
        assertThatThrownBy(() -> new TopicSettings(1, false, (short) 1, 2))
                .hasMessageContaining("relay.kafka.replication-factor");
        assertThat(new TopicSettings(1, true, (short) 1, 1).developmentBroker()).isTrue();
    }

    private static TopicSettings bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("relay.kafka", TopicSettings.class);
    }
}
