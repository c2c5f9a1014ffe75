package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState.Ready;
import dev.ncwrelay.kafka.startup.StartupState.Refused;
import dev.ncwrelay.kafka.startup.StartupState.Waiting;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@Tag("kafka")
class StartupCheckTest {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final KafkaNeeds NEEDS = KafkaNeeds.of(
            KafkaAccess.none().tail(Topics.DEVICES).write(Topics.DEVICE_EVENTS.name(), Topics.WEBHOOK_DEAD_LETTERS));
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Test
    void check_isReadyWhenTopicsAndSchemasExist() {
        var stack = SharedStack.get();

        try (var check = new StartupCheck(stack.connection(), stack.codec(), NEEDS, PAUSE)) {
            assertThat(check.outcome().toCompletableFuture())
                    .succeedsWithin(TIMEOUT)
                    .isEqualTo(new Ready());
            assertThat(check.state()).isEqualTo(new Ready());
        }
    }

    @Test
    void check_ofAnotherNumberOfPartitions_isRefused() {
        var stack = SharedStack.get();
        var other = KafkaConnection.to(stack.connection().bootstrapServers(), 13);

        try (var check = new StartupCheck(other, stack.codec(), NEEDS, PAUSE)) {
            assertThat(check.outcome().toCompletableFuture())
                    .succeedsWithin(TIMEOUT)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Refused.class))
                    .extracting(Refused::reason)
                    .asString()
                    .contains("relay.kafka.partitions is 13", "ncw.device.events has 12");
        }
    }

    @Test
    void check_ofABrokerThatMayLoseRecords_isRefused_unlessItIsForDevelopment() {
        var stack = SharedStack.get();
        var production = KafkaConnection.to(stack.connection().bootstrapServers(), 12);

        try (var check = new StartupCheck(production, stack.codec(), NEEDS, PAUSE)) {
            assertThat(check.outcome().toCompletableFuture())
                    .succeedsWithin(TIMEOUT)
                    .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Refused.class))
                    .extracting(Refused::reason)
                    .asString()
                    .contains(
                            "relay.kafka.development-broker=true",
                            "ncw.devices: replication factor is 1, expected at least 3",
                            "ncw.webhooks.dlt: min.insync.replicas is 1, expected at least 2")
                    .doesNotContain("cleanup.policy", "retention", "max.message.bytes");
        }
    }

    @Test
    void check_waitsForKafka() {
        var stack = SharedStack.get();
        try (var kafka = LocalKafka.start()) {
            kafka.stop();
            var impatient = KafkaConnection.toDevelopmentBroker(
                    kafka.bootstrapServers(),
                    LocalKafka.PARTITIONS,
                    Map.of("request.timeout.ms", "500", "default.api.timeout.ms", "1000"));
            try (var check = new StartupCheck(impatient, stack.codec(), NEEDS, PAUSE)) {
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(check.state())
                                .isInstanceOfSatisfying(
                                        Waiting.class,
                                        waiting -> assertThat(waiting.cause()).contains("Kafka")));

                kafka.restart();

                assertThat(check.outcome().toCompletableFuture())
                        .succeedsWithin(TIMEOUT)
                        .isEqualTo(new Ready());
            }
        }
    }

    @Test
    void check_waitsForANameThatDoesNotResolve() {
        var unknown = KafkaConnection.to("kafka.invalid:9092", 12);

        try (var check = new StartupCheck(unknown, SharedStack.get().codec(), NEEDS, PAUSE)) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(check.state())
                            .isInstanceOfSatisfying(
                                    Waiting.class,
                                    waiting -> assertThat(waiting.cause())
                                            .isEqualTo("Kafka: no name of spring.kafka.bootstrap-servers resolves: "
                                                    + "kafka.invalid:9092")));
        }
    }

    @Test
    void check_ofAnInvalidClientSetting_isRefused_withoutItsValue() {
        var wrong = KafkaConnection.to("127.0.0.1:9092", 12, Map.of("security.protocol", "secret"));

        try (var check = new StartupCheck(wrong, SharedStack.get().codec(), NEEDS, PAUSE)) {
            assertThat(check.outcome().toCompletableFuture())
                    .succeedsWithin(TIMEOUT)
                    .isEqualTo(new Refused("spring.kafka: invalid value of the client setting security.protocol"));
        }
    }

    @Test
    void check_waitsForTheRegistry_andWarnsOfADevelopmentBrokerOnce() {
        var stack = SharedStack.get();
        var logger = (Logger) LoggerFactory.getLogger(StartupCheck.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        logger.addAppender(lines);
        try (var forward = PortForward.to(stack.registry().url().getPort());
                var codec = new RecordCodec(RegistryConnection.at(URI.create("http://127.0.0.1:" + forward.port())))) {
            try (var check = new StartupCheck(stack.connection(), codec, NEEDS, PAUSE)) {
                await().atMost(TIMEOUT)
                        .untilAsserted(() -> assertThat(check.state())
                                .isInstanceOfSatisfying(
                                        Waiting.class,
                                        waiting -> assertThat(waiting.cause()).contains("Connect")));

                forward.open();

                assertThat(check.outcome().toCompletableFuture())
                        .succeedsWithin(TIMEOUT)
                        .isEqualTo(new Ready());
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list)
                .filteredOn(line -> line.getMessage().startsWith("development broker"))
                .hasSize(1);
    }
}
