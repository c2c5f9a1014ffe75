package dev.ncwrelay.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import dev.ncwrelay.testkit.process.NodePackage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs that docs/reading-events.md shows, on a secured Kafka with exactly the ACLs of docs/security-kafka.md. */
@Tag("kafka")
@Tag("brokers")
class EventReaderTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String HEADING = "A backend that reads events";
    private static final String USER = "User:backend";

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final SecuredKafka KAFKA =
            SecuredKafka.start(FIREBLOCKS.oidc()).withTopics();
    private static final List<String> DEVICES = List.of("device-1", "device-2", "device-3");
    private static final NodePackage JS = new NodePackage(Path.of("js").toAbsolutePath());

    @TempDir
    private static Path folder;

    private static KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void publish() {
        KAFKA.run(HEADING);
        assertThat(KAFKA.aclsOf(USER)).hasSize(2);
        producer = TestProducer.of(KAFKA.connection(), "test");
        publish(0, 20);
    }

    @AfterAll
    static void stop() {
        producer.close();
        KAFKA.close();
        FIREBLOCKS.close();
    }

    @Test
    void java_readsEveryEventOfADeviceInOrder_andContinuesAfterARestart() throws Exception {
        try (var reader = java("backend-java")) {
            DEVICES.forEach(device -> awaitEvents(reader, device, 0, 20));
        }
        publish(20, 30);
        try (var reader = java("backend-java")) {
            DEVICES.forEach(device -> awaitEvents(reader, device, 20, 30));
        }
    }

    @Test
    void both_goOnBehindAnUnreadableRecord() throws Exception {
        JS.install();
        try (var java = java("backend-unreadable");
                var javaScript = javaScript("backend-unreadable-js")) {
            var value = "no Avro".getBytes(StandardCharsets.UTF_8);
            var _ = producer.send(new ProducerRecord<>(Topics.DEVICE_EVENTS.name(), "device-4", value));
            send("device-4", "after");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(List.of(java.output(), javaScript.output()))
                            .allSatisfy(output -> assertThat(output)
                                    .contains("skipped: not in Confluent's wire format")
                                    .contains("after")));
        }
    }

    @Test
    void javaScript_readsEveryEventOfADeviceInOrder() throws Exception {
        JS.install();
        try (var reader = javaScript("backend-js")) {
            DEVICES.forEach(device -> awaitEvents(reader, device, 0, 20));
        }
    }

    @Test
    void eachAcl_isNeeded() throws Exception {
        JS.install();
        var acls = KAFKA.aclsOf(USER);
        for (var acl : acls) {
            KAFKA.revoke(List.of(acl));
            try (var java = java("backend-refused");
                    var javaScript = javaScript("backend-refused-js")) {
                assertThat(java.awaitEnd()).contains(failureOf(acl) + "AuthorizationException");
                assertThat(javaScript.awaitEnd()).contains("ot authorized");
            } finally {
                KAFKA.grant(List.of(acl));
                // In effect before another test begins.
                assertThat(KAFKA.aclsOf(USER)).hasSize(2);
            }
        }
    }

    private static String failureOf(AclBinding acl) {
        return switch (acl.pattern().resourceType()) {
            case TOPIC -> "Topic";
            case GROUP -> "Group";
            default -> throw new IllegalArgumentException("unexpected ACL " + acl);
        };
    }

    private static void publish(int from, int to) {
        IntStream.range(from, to).forEach(i -> DEVICES.forEach(device -> send(device, device + "-event-" + i)));
    }

    private static void send(String device, String eventId) {
        var data = ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8));
        var event = new DeviceEvent(
                eventId,
                "transaction.status.updated",
                device,
                null,
                null,
                null,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                data,
                null);
        var value = SharedStack.get().codec().encode(Topics.DEVICE_EVENTS, event);
        var _ = producer.send(new ProducerRecord<>(Topics.DEVICE_EVENTS.name(), device, value));
    }

    /** In their order; others of the device may precede them. */
    private static void awaitEvents(Reader reader, String device, int from, int to) {
        var expected =
                IntStream.range(from, to).mapToObj(i -> device + "-event-" + i).toList();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(reader.output()
                                .lines()
                                .filter(line -> line.contains(device + "-event-"))
                                .map(line -> line.replaceFirst(".* (\\S+) \\d+ characters", "$1"))
                                .limit(expected.size())
                                .collect(Collectors.toList()))
                        .isEqualTo(expected));
    }

    private static Reader java(String group) throws IOException {
        var settings = KAFKA.settings("Settings of that backend", group + ".properties");
        var connection =
                "bootstrap.servers=" + KAFKA.bootstrapServers(Listener.INTERNAL) + "\ngroup.id=" + group + "\n";
        Files.writeString(settings, connection, StandardOpenOption.APPEND);
        return Reader.start(
                folder.resolve(group + ".log"),
                Path.of(""),
                Map.of(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EventReader.class.getName(),
                settings.toString(),
                SharedStack.get().registry().url().toString());
    }

    private static Reader javaScript(String group) throws IOException {
        return Reader.start(
                folder.resolve(group + ".log"),
                JS.folder(),
                Map.of(
                        "KAFKA_CA", KAFKA.folder().resolve("ca.pem").toString(),
                        "KAFKA_USER", "backend",
                        "KAFKA_PASSWORD", "for-tests"),
                "node",
                "events.mjs",
                KAFKA.bootstrapServers(Listener.INTERNAL),
                SharedStack.get().registry().url() + "/apis/ccompat/v7",
                group);
    }
}
