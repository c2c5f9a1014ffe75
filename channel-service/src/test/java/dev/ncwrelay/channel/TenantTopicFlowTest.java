package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKeys;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The topics of tenants on the relay's own Kafka. */
@Tag("kafka")
@Tag("brokers")
class TenantTopicFlowTest {

    private static final Duration SOON = Duration.ofMinutes(2);
    private static final SharedStack STACK = SharedStack.get();

    /** Of this test's tenants, whose topics and group are its own. */
    private final String run = UUID.randomUUID().toString();

    private final String acme = "acme-" + run;
    private final String beta = "beta-" + run;
    private final String gamma = "gamma-" + run;
    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final KafkaDevices devices = new KafkaDevices(STACK.connection(), "kafka-tenant");
    private RunningChannel service = start(STACK.connection().partitions());

    @BeforeEach
    void awaitTopics() {
        service.awaitReady();
        devices.awaitGroup(group());
        try (var admin = Admin.create(STACK.connection().admin("test"))) {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(admin.listTopics().names().get())
                            .contains(topic(acme), topic(beta), topic(gamma)));
        }
    }

    @AfterEach
    void stop() {
        service.close();
        devices.close();
        fireblocks.close();
    }

    @Test
    void events_areInTheTopicOfTheirTenant_inTheOrderOfEachDevice_andNowhereElse() {
        // Given
        var tenants = List.of(acme, beta, gamma, "not-configured-" + run, "");
        var tenantOf = new HashMap<String, String>();
        for (int i = 0; i < 50; i++) {
            var tenant = tenants.get(i % tenants.size());
            tenantOf.put(tenant.isEmpty() ? devices.register("user") : devices.registerFor(tenant), tenant);
        }

        // When
        for (int i = 0; i < 20; i++) {
            int number = i;
            tenantOf.keySet().forEach(device -> {
                var _ = devices.publish(device, device + "-" + number, "{\"n\": " + number + "}");
            });
        }

        // Then
        for (var tenant : List.of(acme, beta, gamma)) {
            var expected = new HashMap<String, List<String>>();
            tenantOf.forEach((device, of) -> {
                if (of.equals(tenant)) {
                    expected.put(
                            device,
                            IntStream.range(0, 20)
                                    .mapToObj(i -> device + "-" + i)
                                    .toList());
                }
            });
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(idsByDevice(tenant)).isEqualTo(expected));
            assertThat(read(tenant))
                    .allSatisfy(record -> assertThat(record.partition())
                            .isEqualTo(DevicePartition.of(record.key(), partitions(tenant))));
        }
        assertThat(service.management("/actuator/prometheus"))
                .contains("relay_channel_messages_total{kind=\"kafka-tenant\",result=\"accepted\"} 6")
                .contains("relay_channel_lag_records{kind=\"kafka-tenant\"}");
    }

    @Test
    void record_isThatOfAPoll() {
        var device = devices.registerFor(acme);

        devices.publish(device, "event", "{\"n\": 1}").join();

        var record = awaitOne(acme);
        var json = JsonMapper.shared().readTree(record.value());
        assertThat(record.key()).isEqualTo(device);
        assertThat(json.propertyNames()).containsExactly("id", "cursor", "type", "createdAt", "walletId", "data");
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).contains("\"data\":{\"n\": 1}");
        assertThat(header(record, "cursor")).isEqualTo(json.path("cursor").asString());
        assertThat(header(record, "walletId")).isEqualTo("wallet-" + device);
        assertThat(header(record, "traceparent")).isEqualTo("00-trace");
        assertThat(epoch(record)).isEqualTo(1);
    }

    @Test
    void changedTenant_getsTheEventsOfItsOwnOwnership_andTheFormerOneKeepsItsOwn() {
        // Given
        var device = devices.registerFor(acme);
        devices.publish(device, acme, "of acme", "{}").join();
        awaitOne(acme);

        // When
        devices.register(device, "user", beta, 2, devices.end(device));
        // With the tenant that an instance of ingress-service writes which has not read the registration yet.
        devices.publish(device, acme, "of beta", "{}").join();

        // Then
        assertThat(id(awaitOne(beta))).isEqualTo("of beta");
        assertThat(read(acme)).extracting(TenantTopicFlowTest::id).containsExactly("of acme");
    }

    @Test
    void eventOfAnOwnershipThatHasEndedMeanwhile_goesToTheTenantOfThatTime() {
        // Given
        var device = devices.registerFor(beta);
        service.close();
        devices.publish(device, acme, "of acme", "{}").join();
        devices.register(device, "user", beta, 2, devices.end(device));

        // When
        service = start(STACK.connection().partitions());

        // Then
        var record = awaitOne(acme);
        assertThat(id(record)).isEqualTo("of acme");
        assertThat(epoch(record)).isEqualTo(-1);
        assertThat(read(beta)).isEmpty();
    }

    @Test
    void recordThatItsTopicRefuses_isADeadLetter_andStopsNothing() {
        // Given
        var device = devices.registerFor(gamma);
        // On the relay's topics it is compressed.
        var tooLarge = "x".repeat(KafkaConnection.MAX_RECORD_BYTES);

        // When
        devices.publish(device, "large", "\"" + tooLarge + "\"").join();
        devices.publish(device, "small", "{}").join();

        // Then
        assertThat(id(awaitOne(gamma))).isEqualTo("small");
        var partition = DevicePartition.of(device, STACK.connection().partitions());
        assertThat(readAll(Topics.DEVICE_EVENTS.deadLetters()))
                .filteredOn(letter -> device.equals(letter.key()))
                .singleElement()
                .satisfies(letter -> {
                    assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo(Integer.toString(partition));
                    assertThat(header(letter, DeadLetters.REASON))
                            .startsWith("ncw.client.tenant." + gamma + " does not accept it: ")
                            .contains("RecordTooLargeException");
                });
        assertThat(service.management("/actuator/prometheus"))
                .contains("relay_channel_messages_total{kind=\"kafka-tenant\",result=\"refused\"} 1.0");
    }

    @Test
    void restart_losesNothing() {
        var device = devices.registerFor(acme);
        devices.publish(device, "before", "{}").join();
        awaitOne(acme);
        service.close();
        devices.publish(device, "meanwhile", "{}").join();

        service = start(STACK.connection().partitions());
        devices.publish(device, "after", "{}").join();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(idsByDevice(acme))
                        .isEqualTo(Map.of(device, List.of("before", "meanwhile", "after"))));
    }

    @Test
    void removedTopic_isThereAgainWithTheNextEvent() throws Exception {
        var device = devices.registerFor(acme);
        try (var admin = Admin.create(STACK.connection().admin("test"))) {
            admin.deleteTopics(List.of(topic(acme))).all().get();
            // Until then the broker accepts records for it.
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(admin.listTopics().names().get()).doesNotContain(topic(acme)));
        }

        devices.publish(device, "event", "{}").join();

        assertThat(id(awaitOne(acme))).isEqualTo("event");
    }

    @Test
    void anotherNumberOfPartitions_isRefused_andSaid() {
        service.close();

        service = start(7);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(service.management("/actuator/health/readiness"))
                        .contains("relay.channel.kafka.tenants." + acme + ".partitions says 7")
                        .contains("\"status\":\"DEGRADED\""));
    }

    private RunningChannel start(int partitions) {
        return RunningChannel.begin(
                fireblocks,
                STACK.connection(),
                "--server.port=0",
                "--relay.channel.kafka.tenant-group=" + group(),
                "--relay.channel.kafka.tenants." + acme + ".partitions=" + partitions,
                "--relay.channel.kafka.tenants." + beta + ".partitions=0",
                "--relay.channel.kafka.tenants." + gamma + ".partitions=3",
                "--relay.channel.kafka.replication-factor=1",
                "--relay.channel.kafka.min-insync-replicas=1",
                "--relay.channel.kafka.acls=false");
    }

    private String group() {
        return "tenant-" + run;
    }

    private int partitions(String tenant) {
        return tenant.equals(gamma) ? 3 : STACK.connection().partitions();
    }

    private static String topic(String tenant) {
        return new TenantTopic(tenant).name();
    }

    private static ConsumerRecord<String, byte[]> awaitOne(String tenant) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(read(tenant)).isNotEmpty());
        return read(tenant).getFirst();
    }

    /** Each once. */
    private static Map<String, List<String>> idsByDevice(String tenant) {
        var ids = new HashMap<String, List<String>>();
        read(tenant).forEach(record -> {
            var known = ids.computeIfAbsent(record.key(), _ -> new ArrayList<>());
            if (!known.contains(id(record))) {
                known.add(id(record));
            }
        });
        return ids;
    }

    private static List<ConsumerRecord<String, byte[]>> read(String tenant) {
        return readAll(topic(tenant));
    }

    /** What is in a topic now. */
    private static List<ConsumerRecord<String, byte[]>> readAll(String topic) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = new KafkaConsumer<String, byte[]>(STACK.connection().shortLivedConsumer("test"))) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            new LogReader(consumer).readAll(partitions, records::add);
        }
        return records;
    }

    private static String id(ConsumerRecord<String, byte[]> record) {
        return JsonMapper.shared().readTree(record.value()).path("id").asString();
    }

    private static long epoch(ConsumerRecord<String, byte[]> record) {
        var cursors = new CursorCodec(SigningKeys.load("test", List.of(RunningChannel.CURSOR_KEY), null));
        return ((CursorCheck.Valid) cursors.decode(record.key(), header(record, "cursor")))
                .cursor()
                .epoch();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
