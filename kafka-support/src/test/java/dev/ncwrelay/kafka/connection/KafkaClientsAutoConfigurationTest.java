package dev.ncwrelay.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

class KafkaClientsAutoConfigurationTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withPropertyValues("spring.application.name=service")
            .withConfiguration(AutoConfigurations.of(
                    SslAutoConfiguration.class, KafkaAutoConfiguration.class, KafkaClientsAutoConfiguration.class));

    @Test
    void template_hasTheRelaysProducerSettings() {
        application.run(context -> assertThat(
                        properties(context.getBean(ProducerFactory.class).getConfigurationProperties()))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("linger.ms", 0)
                .containsEntry("compression.type", "lz4")
                .containsEntry("delivery.timeout.ms", 8_000)
                .containsEntry("value.serializer", ByteArraySerializer.class));
    }

    @Test
    void consumers_neitherCommitNorResetByThemselves() {
        application.run(context -> assertThat(
                        properties(context.getBean(ConsumerFactory.class).getConfigurationProperties()))
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "none"));
    }

    @Test
    void settingsOfTheOperator_replaceTheRelaysDefaults() {
        application
                .withPropertyValues(
                        "spring.kafka.bootstrap-servers=b1:9092,b2:9092",
                        "spring.kafka.client-id=team",
                        "spring.kafka.properties.reconnect.backoff.max.ms=700",
                        "spring.kafka.producer.compression-type=zstd",
                        "spring.kafka.consumer.properties.max.partition.fetch.bytes=7000000",
                        "spring.kafka.streams.properties.commit.interval.ms=100")
                .run(context -> {
                    var kafka = context.getBean(KafkaConnection.class);
                    assertThat(kafka.bootstrapServers()).isEqualTo("b1:9092,b2:9092");
                    assertThat(kafka.producer("test"))
                            .containsEntry("bootstrap.servers", List.of("b1:9092", "b2:9092"))
                            .containsEntry("client.id", "team-test")
                            .containsEntry("reconnect.backoff.max.ms", "700")
                            .containsEntry("compression.type", "zstd");
                    assertThat(kafka.consumer("test"))
                            .containsEntry("reconnect.backoff.max.ms", "700")
                            .containsEntry("max.partition.fetch.bytes", "7000000");
                    assertThat(kafka.admin("test")).containsEntry("reconnect.backoff.max.ms", "700");
                    assertThat(kafka.streams()).containsEntry("commit.interval.ms", "100");
                });
    }

    @Test
    void sslBundle_isUsedByAllClients() {
        application
                .withPropertyValues(
                        "spring.kafka.security.protocol=SSL",
                        "spring.kafka.ssl.bundle=kafka",
                        "spring.ssl.bundle.pem.kafka.truststore.certificate=classpath:ca.pem")
                .run(context -> {
                    var kafka = context.getBean(KafkaConnection.class);
                    var configurations = List.of(
                            kafka.producer("test"), kafka.consumer("test"), kafka.admin("test"), kafka.streams());
                    for (var config : configurations) {
                        assertThat(config)
                                .containsEntry("security.protocol", "SSL")
                                .containsEntry("ssl.engine.factory.class", SslBundleSslEngineFactory.class);
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "producer.acks=1",
                "producer.properties.enable.idempotence=false",
                "producer.value-serializer=org.apache.kafka.common.serialization.LongSerializer",
                "properties.transactional.id=x",
                "producer.transaction-id-prefix=x",
                "consumer.auto-offset-reset=latest",
                "consumer.enable-auto-commit=true",
                "consumer.group-id=mine"
            })
    void settingThatTheRelayDependsOn_isRefused(String setting) {
        application
                .withPropertyValues("spring.kafka." + setting)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageStartingWith("spring.kafka.")
                        .hasMessageContaining("because the relay depends on it"));
    }

    @Test
    void missingAddresses_areNamed() {
        application.withPropertyValues("spring.kafka.bootstrap-servers=").run(context -> {
            var kafka = context.getBean(KafkaConnection.class);
            assertThat(ClientSettingsCheck.invalidSetting(kafka))
                    .contains("spring.kafka: invalid value of the client setting bootstrap.servers");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka-1.example",
                "kafka-1.example:",
                "kafka-1.example:port",
                "kafka-1.example:70000",
                "kafka-1.example:99999999999",
                "kafka-1.example:9092;kafka-2.example:9092",
                "kafka-1.example:9092,kafka-2.example",
                "user:secret@kafka-1.example:9092"
            })
    void malformedAddresses_areRefused(String addresses) {
        application
                .withPropertyValues("spring.kafka.bootstrap-servers=" + addresses)
                .run(context -> {
                    var kafka = context.getBean(KafkaConnection.class);
                    assertThat(ClientSettingsCheck.invalidSetting(kafka))
                            .hasValueSatisfying(reason -> assertThat(reason)
                                    .startsWith("spring.kafka: invalid value of the client setting bootstrap.servers: ")
                                    .doesNotContain("secret"));
                });
    }

    @Test
    void malformedAddress_ofOneClient_isRefused() {
        application
                .withPropertyValues("spring.kafka.producer.bootstrap-servers=kafka-1.example")
                .run(context -> assertThat(ClientSettingsCheck.invalidSetting(context.getBean(KafkaConnection.class)))
                        .isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka-1.example:9092",
                "kafka-1.example:9092, kafka-2.example:9092",
                "SASL_SSL://kafka-1.example:9092",
                "[::1]:9092",
                "10.0.0.1:65535"
            })
    void addresses_areAccepted_whetherOrNotTheyResolve(String addresses) {
        application
                .withPropertyValues("spring.kafka.bootstrap-servers=" + addresses)
                .run(context -> assertThat(ClientSettingsCheck.invalidSetting(context.getBean(KafkaConnection.class)))
                        .isEmpty());
    }

    @Test
    void toString_hidesValues() {
        application
                .withPropertyValues("spring.kafka.properties.sasl.jaas.config=secret")
                .run(context -> assertThat(context.getBean(KafkaConnection.class))
                        .asString()
                        .contains("localhost:9092")
                        .doesNotContain("secret"));
    }

    /** The factories' own type is raw here. */
    private static Map<Object, Object> properties(Map<?, ?> configuration) {
        return Map.copyOf(configuration);
    }
}
