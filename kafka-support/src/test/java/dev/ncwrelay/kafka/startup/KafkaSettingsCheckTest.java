package dev.ncwrelay.kafka.startup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class KafkaSettingsCheckTest {

    private final StandardEnvironment environment = new StandardEnvironment();

    @Test
    void formerKey_isRefused_withTheKeyThatReplacesIt() {
        given(Map.of("relay.kafka.bootstrap-servers", "secret:9092"));

        assertThatThrownBy(this::check)
                .hasMessage("relay.kafka.bootstrap-servers is now spring.kafka.bootstrap-servers");
    }

    @Test
    void formerClientSetting_isRefused_withTheKeyThatReplacesIt() {
        given(Map.of("relay.kafka.properties.security.protocol", "SSL"));

        assertThatThrownBy(this::check)
                .hasMessage(
                        "relay.kafka.properties.security.protocol is now spring.kafka.properties.security.protocol");
    }

    @Test
    void formerEnvironmentVariable_isRefused() {
        givenEnvironment(Map.of("RELAY_KAFKA_BOOTSTRAP_SERVERS", "b:9092"));

        assertThatThrownBy(this::check).hasMessageContaining("spring.kafka.bootstrap-servers");
    }

    @Test
    void formerEnvironmentVariableOfAClientSetting_isRefused() {
        givenEnvironment(Map.of("RELAY_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "6000"));

        assertThatThrownBy(this::check).hasMessageContaining("spring.kafka.properties.session.timeout.ms");
    }

    @Test
    void unknownKeyOfSpringKafka_isRefused() {
        given(Map.of("spring.kafka.bootstrap-server", "b:9092"));

        assertThatThrownBy(this::check).hasRootCauseInstanceOf(UnboundConfigurationPropertiesException.class);
    }

    @Test
    void knownKeys_areAccepted() {
        given(Map.of(
                "spring.kafka.bootstrap-servers", "b:9092",
                "spring.kafka.ssl.trust-store-location", "file:trust.p12",
                "spring.kafka.properties.sasl.mechanism", "PLAIN",
                "spring.kafka.streams.properties.commit.interval.ms", "100",
                "relay.kafka.partitions", "12"));
        givenEnvironment(Map.of("SPRING_KAFKA_PROPERTIES_SESSION_TIMEOUT_MS", "6000", "SPRING_KAFKA_OTHER", "x"));

        assertThatCode(this::check).doesNotThrowAnyException();
    }

    private void check() {
        new KafkaSettingsCheck().postProcessEnvironment(environment, new SpringApplication());
    }

    private void given(Map<String, Object> settings) {
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
    }

    private void givenEnvironment(Map<String, Object> variables) {
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    }
}
