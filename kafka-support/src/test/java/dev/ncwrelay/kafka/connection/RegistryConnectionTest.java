package dev.ncwrelay.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.net.URI;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    /** As from a YAML file or environment variables, where the key is not in brackets. */
    @Test
    void properties_keepTheDotsOfTheirNames() {
        var bound = bind(
                "relay.registry",
                RegistryConnection.class,
                Map.of("relay.registry.properties.basic.auth.user.info", "user:secret"));

        assertThat(bound.properties()).containsExactly(Map.entry("basic.auth.user.info", "user:secret"));
    }

    @Test
    void confluentUrl_isTheFirstAddressOfAnotherRegistry() {
        var bound = bind(
                "relay.registry",
                RegistryConnection.class,
                Map.of("relay.registry.properties.schema.registry.url", "https://one:8081/, https://two:8081"));

        assertThat(bound.confluentUrl()).isEqualTo("https://one:8081");
    }

    @ParameterizedTest
    @CsvSource({
        "relay.registry.serializer, org.apache.kafka.common.serialization.Serializer",
        "relay.registry.deserializer, org.apache.kafka.common.serialization.Deserializer"
    })
    void registry_rejectsAClassThatIsNoSerde_namingTheKey(String key, String expected) {
        assertThatThrownBy(() -> bind("relay.registry", RegistryConnection.class, Map.of(key, "java.lang.String")))
                .rootCause()
                .hasMessage(key + " must be the name of a class that implements " + expected);
    }

    private static <T> T bind(String prefix, Class<T> type, Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate(prefix, type);
    }
}
