package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.oidc.TokenRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.json.JsonMapper;

/** The service on a secured Kafka, from which users read their own topics. It serves the tests of a class. */
final class ClientTopicFixture implements BeforeAllCallback, AfterAllCallback {

    static final Duration SOON = Duration.ofMinutes(1);
    static final String USER = "alice";
    static final String SERVICE = "channel-service";

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final KafkaDevices devices = new KafkaDevices(kafka.connection(), "kafka");
    private Optional<RunningChannel> service = Optional.empty();

    @Override
    public void beforeAll(ExtensionContext context) {
        kafka.run(SERVICE);
        kafka.run("Topics of clients");
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        service.ifPresent(RunningChannel::close);
        devices.close();
        kafka.close();
        fireblocks.close();
    }

    SecuredKafka kafka() {
        return kafka;
    }

    KafkaDevices devices() {
        return devices;
    }

    RunningChannel service() {
        return service.orElseThrow();
    }

    /** Starts the service, which is closed. */
    void start() {
        service = Optional.of(startService("CLIENT"));
    }

    /** @param clientListener at which users log in, as the service is told */
    RunningChannel startService(String clientListener) {
        var address = KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
        return RunningChannel.begin(
                        fireblocks,
                        address,
                        "--server.port=0",
                        "--spring.config.additional-location=file:" + kafka.settings("SCRAM", "scram.yaml"),
                        "--relay.channel.kafka.enabled=true",
                        "--relay.channel.kafka.client-listener=" + clientListener,
                        "--relay.channel.kafka.replication-factor=1",
                        "--relay.channel.kafka.min-insync-replicas=1")
                .awaitReady();
    }

    /** Denies the service to write the device's topic, until that is revoked. */
    List<AclBinding> denyWriting(String device) {
        var pattern = new ResourcePattern(ResourceType.TOPIC, topic(device).name(), PatternType.LITERAL);
        var entry = new AccessControlEntry("User:" + SERVICE, "*", AclOperation.WRITE, AclPermissionType.DENY);
        var denied = List.of(new AclBinding(pattern, entry));
        kafka.grant(denied);
        assertThat(kafka.aclsOf("User:" + SERVICE)).containsAll(denied);
        return denied;
    }

    /** Waits until the subscription has a reason in this state. */
    String awaitReason(String device, String state) {
        await().atMost(SOON).until(() -> awaitState(device, state).getReason() != null);
        return awaitState(device, state).getReason();
    }

    void publish(String device, String id, String data) {
        assertThat(devices.publish(device, id, data)).succeedsWithin(SOON);
    }

    /** Its events may be sent in a round with those of the other device. */
    String subscribedInPartitionOf(String device) {
        int partition = DevicePartition.of(device, LocalKafka.PARTITIONS);
        var other = Stream.generate(() -> UUID.randomUUID().toString())
                .filter(id -> DevicePartition.of(id, LocalKafka.PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
        devices.register(other, USER, 1, -1);
        return subscribe(other, USER);
    }

    String subscribed(String user) {
        return subscribe(devices.register(user), user);
    }

    String subscribe(String device, String user) {
        devices.subscribe(device, 1);
        awaitReadable(device, user);
        return device;
    }

    /** The broker applies an ACL a little later than the controller confirms it. */
    void awaitReadable(String device, String user) {
        awaitState(device, "active");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kafka.aclsOf("Client:" + user))
                        .anyMatch(
                                acl -> acl.pattern().name().equals(topic(device).name())));
    }

    ChannelState awaitState(String device, String state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(devices.state(device))
                        .hasValueSatisfying(
                                found -> assertThat(found.getState()).isEqualTo(state)));
        return devices.state(device).orElseThrow();
    }

    ClientTopic topic(String device) {
        return new ClientTopic(device, devices.subscription(device));
    }

    List<String> topics() {
        try (var admin = Admin.create(kafka.connection().admin("test"))) {
            return List.copyOf(admin.listTopics().names().get());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    void setMaxMessageBytes(String device, int bytes) throws Exception {
        var config = new ConfigResource(ConfigResource.Type.TOPIC, topic(device).name());
        var entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (var admin = Admin.create(kafka.connection().admin("test"))) {
            admin.incrementalAlterConfigs(Map.of(config, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    TokenRequest token(String user) {
        return fireblocks.oidc().tokenFor(user);
    }

    KafkaConsumer<String, byte[]> consumer(TokenRequest token, Map<String, Object> settings) {
        var config = kafka.connection(Listener.CLIENT, token).shortLivedConsumer("client");
        config.putAll(settings);
        return new KafkaConsumer<>(config);
    }

    /** Its last request may be refused while it is closed, which is then said here. */
    void closeRefused(KafkaConsumer<?, ?> consumer) {
        try {
            consumer.close();
        } catch (KafkaException e) {
            assertThat(e.getCause() == null ? e : e.getCause())
                    .isInstanceOfAny(TopicAuthorizationException.class, SaslAuthenticationException.class);
        }
    }

    /** Reads in a group, as an app does, until it has so many. */
    List<ConsumerRecord<String, byte[]>> read(String device, TokenRequest token, String group, int count) {
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer = consumer(token, Map.of("group.id", group, "auto.offset.reset", "earliest"))) {
            consumer.subscribe(List.of(topic(device).name()));
            long deadline = System.nanoTime() + SOON.toNanos();
            while (records.size() < count && System.nanoTime() - deadline < 0) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    void readPartition(String device, TokenRequest token) {
        try (var consumer = consumer(token, Map.of())) {
            new LogReader(consumer)
                    .readAll(List.of(new TopicPartition(topic(device).name(), 0)), _ -> {});
        }
    }

    void write(String device, TokenRequest token) throws Exception {
        var config = kafka.connection(Listener.CLIENT, token).producer("client");
        try (var producer = new KafkaProducer<String, byte[]>(config)) {
            producer.send(new ProducerRecord<>(topic(device).name(), new byte[0]))
                    .get();
        }
    }

    static String id(ConsumerRecord<String, byte[]> record) {
        return JsonMapper.shared().readTree(record.value()).path("id").asString();
    }

    static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
