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

class RegistryConnectionTest {

    @Test
    void toString_hidesValuesOfFurtherProperties() {
        assertThat(new RegistryConnection(
                        URI.create("http://user:secret@registry"),
                        StringSerializer.class,
                        StringDeserializer.class,
                        Map.of("sasl.jaas.config", "secret")))
                .asString()
                .doesNotContain("secret");
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
