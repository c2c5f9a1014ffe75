package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ncwrelay.avro.Device;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Apicurio's serdes at a registry with TLS, a user and a password: what schemas/README.md says to set. */
@Tag("kafka")
class RegistryCredentialsTest {

    private static final Device DEVICE = new Device("d", "w", "u", null, Instant.EPOCH, Instant.EPOCH, 0L, 0L, -1L);
    private static final String PASSWORD = "the-password";

    @TempDir
    private Path folder;

    private TlsIdentity identity;
    private RegistryGateway gateway;

    @BeforeEach
    void startGateway() {
        identity = TlsIdentity.create(folder);
        gateway = RegistryGateway.start(SharedStack.get().registry().url(), identity, "relay", PASSWORD);
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    @Test
    void codec_withCredentialsAndTrustStore_encodesAndDecodes() {
        try (var codec = new RecordCodec(connection(PASSWORD))) {
            codec.warmUp();

            assertThat(codec.decode(Topics.DEVICES, codec.encode(Topics.DEVICES, DEVICE)))
                    .isEqualTo(new Decoded.Value<>(DEVICE));
        }
    }

    @Test
    void codec_logsNoSecret() {
        // Given
        var lines = new ListAppender<ILoggingEvent>();
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var level = root.getLevel();
        lines.start();
        root.addAppender(lines);
        // As in the services.
        root.setLevel(Level.INFO);

        // When
        try (var codec = new RecordCodec(connection(PASSWORD))) {
            codec.warmUp();
        } finally {
            root.setLevel(level);
            root.detachAppender(lines);
        }

        // Then
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .noneMatch(line -> line.contains(PASSWORD) || line.contains(RegistryGateway.passwordOf(identity)));
    }

    @Test
    void decode_withAWrongPassword_waitsForTheRegistry_andNamesNoSecret() {
        var connection = connection("a-wrong-password");
        try (var codec = new RecordCodec(connection)) {
            var bytes = SharedStack.get().codec().encode(Topics.DEVICES, DEVICE);

            assertThat(codec.decode(Topics.DEVICES, bytes))
                    .isInstanceOfSatisfying(
                            Decoded.RegistryDown.class,
                            down -> assertThat(down.reason()).doesNotContain("a-wrong-password"));
            assertThat(connection).asString().doesNotContain("a-wrong-password", RegistryGateway.passwordOf(identity));
        }
    }

    @Test
    void warmUp_withoutTheTrustStore_fails() {
        var trusting = connection(PASSWORD);
        var connection =
                new RegistryConnection(trusting.url(), trusting.serializer(), trusting.deserializer(), Map.of());

        try (var codec = new RecordCodec(connection)) {
            assertThatThrownBy(codec::warmUp).hasRootCauseInstanceOf(GeneralSecurityException.class);
        }
    }

    private RegistryConnection connection(String password) {
        var plain = RegistryConnection.at(gateway.url());
        return new RegistryConnection(
                plain.url(),
                plain.serializer(),
                plain.deserializer(),
                Map.of(
                        "apicurio.registry.auth.username",
                        "relay",
                        "apicurio.registry.auth.password",
                        password,
                        "apicurio.registry.tls.truststore.location",
                        identity.keyStore().toString(),
                        "apicurio.registry.tls.truststore.password",
                        RegistryGateway.passwordOf(identity),
                        "apicurio.registry.tls.truststore.type",
                        "PKCS12"));
    }
}
