package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class MailboxStreamsTest {

    @ParameterizedTest
    @ValueSource(strings = {"session.timeout.ms", "consumer.session.timeout.ms", "main.consumer.session.timeout.ms"})
    void sessionTimeout_isTheOperatorsIfThereIsOne(String key) {
        assertThat(consumerOf(Map.of())).containsEntry("session.timeout.ms", 10_000);
        assertThat(consumerOf(Map.of(key, "45000")))
                .extractingByKey("session.timeout.ms")
                .asString()
                .isEqualTo("45000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"heartbeat.interval.ms", "consumer.heartbeat.interval.ms"})
    void heartbeatInterval_ofTheOperator_comesWithoutASessionTimeoutOfTheMailboxes(String key) {
        assertThat(consumerOf(Map.of(key, "15000"))).doesNotContainEntry("session.timeout.ms", 10_000);
    }

    @Test
    void acknowledgements_areOfAllReplicas() {
        var producer = new StreamsConfig(config(Map.of("producer.acks", "1"))).getProducerConfigs("client");

        assertThat(producer).extractingByKey("acks").asString().isEqualTo("all");
    }

    @ParameterizedTest
    @CsvSource({"compression.type, zstd", "max.request.size, 9000000"})
    void producersSettings_areTheOperatorsIfThereAreAny(String key, String value) {
        var producer = new StreamsConfig(config(Map.of(key, value))).getProducerConfigs("client");

        assertThat(producer).extractingByKey(key).asString().isEqualTo(value);
    }

    @Test
    void changelogsProducer_isAlwaysIdempotent() {
        var settings = Map.of("producer.enable.idempotence", "false");

        var producer = new StreamsConfig(config(settings)).getProducerConfigs("client");

        assertThat(producer).extractingByKey("enable.idempotence").asString().isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application.id",
                "state.dir",
                "num.stream.threads",
                "auto.offset.reset",
                "consumer.auto.offset.reset",
                "main.consumer.auto.offset.reset",
                "producer.enable.idempotence"
            })
    void settingThatTheMailboxesDependOn_isRefusedByName(String key) {
        assertThatThrownBy(() -> MailboxStreamsConfig.requireOwn(Map.of(key, "secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spring.kafka.streams: " + key)
                .hasMessageNotContaining("secret");
        MailboxStreamsConfig.requireOwn(Map.of("session.timeout.ms", "45000"));
    }

    private static Map<String, Object> consumerOf(Map<String, String> properties) {
        return new StreamsConfig(config(properties)).getMainConsumerConfigs("group", "client", 0);
    }

    private static Properties config(Map<String, String> properties) {
        var settings = new Binder(new MapConfigurationPropertySource(Map.of()))
                .bindOrCreate("relay.delivery.mailbox", MailboxSettings.class);
        return MailboxStreamsConfig.of(
                KafkaConnection.to("b:9092", 1, properties), settings, "application", new HostInfo("localhost", 1));
    }
}
