package dev.ncwrelay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.StandInSerde.RestClientException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.avro.InvalidNumberEncodingException;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Another serde than Apicurio's: what it throws decides whether a record waits or is set aside. */
class DropInSerdeTest {

    private static final byte[] RECORD = {0, 0, 0, 0, 7, 1, 2, 3};

    private final RecordCodec codec = new RecordCodec(new RegistryConnection(
            URI.create("http://127.0.0.1:1"), StandInSerde.Writer.class, StandInSerde.Reader.class, Map.of()));

    static Stream<RuntimeException> failuresOfTheRegistry() {
        return Stream.of(
                retrieving(new RestClientException(503, 50301)),
                retrieving(new RestClientException(500, 50001)),
                retrieving(new RestClientException(429, 429)),
                retrieving(new RestClientException(408, 408)),
                retrieving(new RestClientException(401, 401)),
                retrieving(new RestClientException(403, 40301)),
                // A proxy's page in place of the registry's answer.
                retrieving(new RestClientException(404, 50005)),
                retrieving(new ConnectException("Connection refused")),
                retrieving(new IOException("header parser received no bytes", new EOFException("EOF reached"))),
                retrieving(new SchemaParseException("not JSON")),
                // Confluent's form of the registry's 4xx.
                new InvalidConfigurationException("Unauthorized; error code: 401"),
                new SaslAuthenticationException("token refused"),
                new TimeoutException("registry"),
                new DisconnectException("registry"),
                new SerializationException("for a reason not known here"));
    }

    static Stream<RuntimeException> failuresOfTheBytes() {
        return Stream.of(
                retrieving(new RestClientException(404, 40403)),
                decoding(new EOFException()),
                decoding(new AvroTypeException("Found string, expecting int")),
                decoding(new InvalidNumberEncodingException("Invalid int encoding")),
                decoding(new ArrayIndexOutOfBoundsException("Index 9 out of bounds")),
                decoding(new ClassCastException("String is not a Device")));
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheRegistry")
    void decode_ifTheRegistryFails_isRegistryDown(RuntimeException failure) {
        StandInSerde.failWith(() -> failure);

        assertThat(codec.decode(Topics.DEVICES, RECORD)).isInstanceOf(Decoded.RegistryDown.class);
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheBytes")
    void decode_ofInvalidBytes_isUnreadable(RuntimeException failure) {
        StandInSerde.failWith(() -> failure);

        assertThat(codec.decode(Topics.DEVICES, RECORD)).isInstanceOf(Decoded.Unreadable.class);
    }

    @Test
    void settings_reachBothSerdes_andOverrideTheRelays() {
        // Given
        var settings = Map.of(
                "schema.registry.url", "https://one.example:8081,https://two.example:8081",
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "relay:secret",
                "schema.registry.ssl.truststore.location", "/etc/relay/registry.p12",
                "schema.registry.ssl.truststore.password", "secret");
        var connection = new RegistryConnection(
                URI.create("http://127.0.0.1:1"), StandInSerde.Writer.class, StandInSerde.Reader.class, settings);

        // When
        var codec = new RecordCodec(connection);

        // Then
        codec.close();
        var configurations = StandInSerde.configurations();
        assertThat(configurations.subList(configurations.size() - 2, configurations.size()))
                .allSatisfy(configuration -> {
                    assertThat(configuration.get("auto.register.schemas")).isEqualTo(false);
                    assertThat(configuration.get("specific.avro.reader")).isEqualTo(true);
                    settings.forEach(
                            (key, value) -> assertThat(configuration.get(key)).isEqualTo(value));
                });
    }

    private static RuntimeException retrieving(Exception cause) {
        return new SerializationException("Error retrieving Avro value schema for id 7", cause);
    }

    private static RuntimeException decoding(Exception cause) {
        return new SerializationException("Error deserializing Avro message for id 7", cause);
    }
}
