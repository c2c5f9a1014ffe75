package dev.ncwrelay.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class ConnectionSettingsTest {

    @Test
    void kafka_hasLocalDefaults() {
        assertThat(bind("relay.kafka", KafkaConnection.class, Map.of()))
                .isEqualTo(new KafkaConnection("127.0.0.1:9092", 12, Map.of()));
    }

    @Test
    void kafka_isFullyMapped() {
        var settings = Map.of(
                "relay.kafka.bootstrap-servers", "b1:9092,b2:9092",
                "relay.kafka.partitions", "128",
                "relay.kafka.development-broker", "true",
                "relay.kafka.replication-factor", "4",
                "relay.kafka.min-insync-replicas", "3",
                "relay.kafka.properties[security.protocol]", "SSL");

        assertThat(bind("relay.kafka", KafkaConnection.class, settings))
                .isEqualTo(new KafkaConnection(
                        "b1:9092,b2:9092", 128, true, (short) 4, 3, Map.of("security.protocol", "SSL")));
    }

    @Test
    void kafka_rejectsZeroPartitions_namingTheKey() {
        assertThatThrownBy(() -> new KafkaConnection("b:9092", 0)).hasMessageContaining("relay.kafka.partitions");
        assertThatThrownBy(() -> new KafkaConnection(" ", 1)).hasMessageContaining("relay.kafka.bootstrap-servers");
    }

    @Test
    void kafka_rejectsReplicationThatMayLoseRecords_namingTheKey() {
        assertThatThrownBy(() -> new KafkaConnection("b:9092", 1, false, (short) 3, 1, Map.of()))
                .hasMessageContaining("relay.kafka.min-insync-replicas");
        assertThatThrownBy(() -> new KafkaConnection("b:9092", 1, false, (short) 1, 2, Map.of()))
                .hasMessageContaining("relay.kafka.replication-factor");
        assertThat(new KafkaConnection("b:9092", 1, true, (short) 1, 1, Map.of()).developmentBroker())
                .isTrue();
    }

    @Test
    void toString_hidesValuesOfFurtherProperties() {
        var secret = Map.of("sasl.jaas.config", "secret");

        assertThat(new KafkaConnection("b:9092", 1, secret)).asString().doesNotContain("secret");
        assertThat(new RegistryConnection(
                        URI.create("http://user:secret@registry"),
                        StringSerializer.class,
                        StringDeserializer.class,
                        secret))
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void kafka_furtherPropertiesOverride() {
        var connection = new KafkaConnection("b:9092", 1, Map.of("linger.ms", "7"));

        assertThat(connection.producer("test")).containsEntry("linger.ms", "7").containsEntry("acks", "all");
        assertThat(connection.consumer("test")).containsEntry("linger.ms", "7");
    }

    @Test
    void registry_hasLocalDefaults() {
        assertThat(bind("relay.registry", RegistryConnection.class, Map.of()))
                .isEqualTo(RegistryConnection.at(URI.create("http://127.0.0.1:8085")));
    }

    @Test
    void registry_isFullyMapped() {
        var settings = Map.of(
                "relay.registry.url",
                "https://registry/",
                "relay.registry.serializer",
                StringSerializer.class.getName(),
                "relay.registry.deserializer",
                StringDeserializer.class.getName(),
                "relay.registry.properties[basic.auth.user.info]",
                "user:secret");

        var bound = bind("relay.registry", RegistryConnection.class, settings);

        assertThat(bound)
                .isEqualTo(new RegistryConnection(
                        URI.create("https://registry/"),
                        StringSerializer.class,
                        StringDeserializer.class,
                        Map.of("basic.auth.user.info", "user:secret")));
        assertThat(bound.confluentUrl()).isEqualTo("https://registry/apis/ccompat/v7");
    }

    @Test
    void registry_rejectsOtherSchemes_namingTheKey() {
        assertThatThrownBy(() -> RegistryConnection.at(URI.create("ftp://registry")))
                .hasMessageContaining("relay.registry.url");
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate(prefix, type);
    }
}
