package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.cursor.CursorCheck;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.cursor.SigningKeys;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.LogReader;
import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.oidc.TokenRequest;
import dev.ncwrelay.testkit.process.NodePackage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
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
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The service on a secured Kafka, from which users read their own topics with their own tokens. */
@Tag("kafka")
@Tag("brokers")
class ClientTopicFlowTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String USER = "alice";
    private static final String SERVICE = "channel-service";

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final SecuredKafka KAFKA =
            SecuredKafka.start(FIREBLOCKS.oidc()).withTopics();
    private static final KafkaDevices DEVICES = new KafkaDevices(KAFKA.connection(), "kafka");
    private static RunningChannel service;

    @BeforeAll
    static void start() {
        KAFKA.run(SERVICE);
        KAFKA.run("Topics of clients");
        service = startService("CLIENT");
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
        DEVICES.close();
        KAFKA.close();
        FIREBLOCKS.close();
    }

    @Test
    void events_areReadByTheUser_inOrder_asAPollAnswersThem() {
        // Given
        var device = subscribed(USER);
        var ids = IntStream.range(0, 200).mapToObj(i -> device + "-" + i).toList();

        // When
        ids.forEach(id -> publish(device, id, "{\"n\": \"" + id + "\"}"));

        // Then
        var records = read(device, token(USER), topic(device).groupPrefix() + "app", ids.size());
        assertThat(records).extracting(ClientTopicFlowTest::id).isEqualTo(ids);
        var first = records.getFirst();
        assertThat(first.key()).isEqualTo(device);
        var json = JsonMapper.shared().readTree(first.value());
        assertThat(json.propertyNames()).containsExactly("id", "cursor", "type", "createdAt", "walletId", "data");
        assertThat(json.path("type").asString()).isEqualTo("transaction.status.updated");
        assertThat(json.path("createdAt").asString()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(json.path("walletId").asString()).isEqualTo("wallet-" + device);
        assertThat(new String(first.value(), StandardCharsets.UTF_8))
                .contains("\"data\":{\"n\": \"" + device + "-0\"}");
        assertThat(header(first, "cursor")).isEqualTo(json.path("cursor").asString());
        assertThat(header(first, "walletId")).isEqualTo("wallet-" + device);
        assertThat(header(first, "traceparent")).isEqualTo("00-trace");
        var cursors = new CursorCodec(SigningKeys.load("test", List.of(RunningChannel.CURSOR_KEY), null));
        assertThat(cursors.decode(device, header(first, "cursor"))).isInstanceOf(CursorCheck.Valid.class);
    }

    @Test
    void topic_isReadByItsUserAlone_andInItsOwnGroupsAlone() {
        var device = subscribed(USER);
        var own = topic(device).groupPrefix() + "app";
        publish(device, "event", "{}");
        read(device, token(USER), own, 1);

        assertThatThrownBy(() -> read(device, token("bob"), own, 1))
                .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
        assertThatThrownBy(() -> readPartition(device, token("bob"))).isInstanceOf(TopicAuthorizationException.class);
        // What the service itself may do, no user of its name may.
        assertThatThrownBy(() -> write(device, token(SERVICE))).hasCauseInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> read(device, token(USER), "app", 1)).isInstanceOf(GroupAuthorizationException.class);
        var another = subscribed("bob");
        assertThatThrownBy(() -> read(another, token(USER), topic(another).groupPrefix() + "app", 1))
                .isInstanceOfAny(TopicAuthorizationException.class, GroupAuthorizationException.class);
    }

    @Test
    void topic_isReadWithKafkajs_byItsUserAlone() throws Exception {
        var js = new NodePackage(Path.of("src", "test", "js").toAbsolutePath());
        js.install();
        var device = subscribed(USER);
        var ids = List.of("js-1", "js-2", "js-3");
        ids.forEach(id -> publish(device, id, "{}"));

        assertThat(readWithJavaScript(js, device, token(USER), topic(device).groupPrefix() + "js"))
                .contains("{\"ids\":[\"js-1\",\"js-2\",\"js-3\"]}");

        assertThat(readWithJavaScript(js, device, token("bob"), topic(device).groupPrefix() + "js"))
                .contains("refused");
        assertThat(readWithJavaScript(js, device, token(USER), "js")).contains("refused");
        assertThat(readWithJavaScript(
                        js, device, token(USER).expired(), topic(device).groupPrefix() + "js"))
                .contains("refused");
    }

    @Test
    void token_thatIsExpiredOrOfAnotherIssuer_isRefused() {
        var device = subscribed(USER);

        assertThatThrownBy(() -> readPartition(device, token(USER).expired()))
                .isInstanceOf(SaslAuthenticationException.class);
        assertThatThrownBy(() -> readPartition(device, token(USER).issuer("https://another.example")))
                .isInstanceOf(SaslAuthenticationException.class);
        assertThatThrownBy(() -> readPartition(device, token(USER).forged()))
                .isInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void tokenThatExpires_endsAnOpenConsumer() {
        var device = subscribed(USER);
        publish(device, "event", "{}");
        var consumer = consumer(token(USER).lifetime(Duration.ofSeconds(5)), Map.of());
        var partitions = List.of(new TopicPartition(topic(device).name(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        await().atMost(SOON).until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());

        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(() -> consumer.poll(Duration.ofMillis(200)))
                        .isInstanceOf(SaslAuthenticationException.class));
        closeRefused(consumer);
    }

    @Test
    void endedSubscription_takesTopicAndPermissionsWithIt_alsoOfAnOpenConsumer() {
        // Given
        var device = subscribed("carol");
        assertThat(KAFKA.aclsOf("Client:carol")).hasSize(2);
        publish(device, "event", "{}");
        var consumer = consumer(token("carol"), Map.of());
        var partitions = List.of(new TopicPartition(topic(device).name(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        await().atMost(SOON).until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());

        // When
        DEVICES.unsubscribe(device);

        // Then
        await().atMost(SOON)
                .untilAsserted(() -> assertThatThrownBy(() -> consumer.poll(Duration.ofMillis(200)))
                        .isInstanceOf(TopicAuthorizationException.class));
        closeRefused(consumer);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(topics()).doesNotContain(topic(device).name());
            assertThat(KAFKA.aclsOf("Client:carol")).isEmpty();
            assertThat(DEVICES.state(device)).isEmpty();
        });
    }

    @Test
    void newOwner_hasAnotherTopic_andTheFormerOneIsGone() {
        // Given
        var device = subscribed("dora");
        var former = topic(device);
        publish(device, "of the former owner", "{}");

        // When
        DEVICES.register(device, "erin", 2, DEVICES.end(device));
        DEVICES.subscribe(device, 2);
        awaitReadable(device, "erin");
        publish(device, "of the new owner", "{}");

        // Then
        assertThat(read(device, token("erin"), topic(device).groupPrefix() + "app", 1))
                .extracting(ClientTopicFlowTest::id)
                .containsExactly("of the new owner");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(topics()).doesNotContain(former.name());
            assertThat(KAFKA.aclsOf("Client:dora")).isEmpty();
        });
    }

    @Test
    void removedTopic_breaksItsSubscriptionAlone_andTheNextOneContinuesThere() throws Exception {
        // Given
        var device = subscribed(USER);
        var other = subscribed(USER);
        try (var admin = Admin.create(KAFKA.connection().admin("test"))) {
            admin.deleteTopics(List.of(topic(device).name())).all().get();
        }

        // When
        publish(device, "lost topic", "{}");
        publish(other, "other", "{}");

        // Then
        read(other, token(USER), topic(other).groupPrefix() + "app", 1);
        var broken = awaitState(device, "broken");
        assertThat(broken.getReason()).isEqualTo("the topic does not exist any more");
        DEVICES.subscribe(device, 1, broken.getResumeFrom());
        awaitReadable(device, USER);
        assertThat(read(device, token(USER), topic(device).groupPrefix() + "app", 1))
                .extracting(ClientTopicFlowTest::id)
                .containsExactly("lost topic");
    }

    /** Kafka's producer waits for each topic that does not exist. */
    @Test
    void topicsRemovedWhileTheServiceIsDown_breakTheirSubscriptions_andDelayNoOther() throws Exception {
        // Given
        var removed =
                IntStream.range(0, 60).mapToObj(_ -> DEVICES.register(USER)).toList();
        removed.forEach(device -> DEVICES.subscribe(device, 1));
        removed.forEach(device -> awaitState(device, "active"));
        var other = subscribed(USER);
        service.close();
        try (var admin = Admin.create(KAFKA.connection().admin("test"))) {
            admin.deleteTopics(
                            removed.stream().map(device -> topic(device).name()).toList())
                    .all()
                    .get();
        }
        removed.forEach(device -> publish(device, "lost topic", "{}"));
        publish(other, "other", "{}");

        // When
        service = startService("CLIENT");

        // Then
        read(other, token(USER), topic(other).groupPrefix() + "app", 1);
        removed.forEach(device -> awaitState(device, "broken"));
    }

    @Test
    void topicThatAcceptsNothing_holdsBackItsDeviceAlone() throws Exception {
        // Given
        var device = subscribed(USER);
        var other = subscribed(USER);
        setMaxMessageBytes(device, 10);

        // When
        publish(device, "held", "{}");
        publish(device, "held too", "{}");
        publish(other, "other", "{}");

        // Then
        read(other, token(USER), topic(other).groupPrefix() + "app", 1);
        assertThat(awaitState(device, "held").getReason()).startsWith("the topic does not accept it");
        setMaxMessageBytes(device, 1_000_000);
        assertThat(read(device, token(USER), topic(device).groupPrefix() + "app", 2))
                .extracting(ClientTopicFlowTest::id)
                .containsExactly("held", "held too");
    }

    @Test
    void topicThatTheServiceMayNotWrite_holdsBackItsDeviceAlone_andNothingIsSentTwice() {
        // Given
        var device = subscribed(USER);
        var other = subscribedInPartitionOf(device);
        var pattern = new ResourcePattern(ResourceType.TOPIC, topic(device).name(), PatternType.LITERAL);
        var entry = new AccessControlEntry("User:" + SERVICE, "*", AclOperation.WRITE, AclPermissionType.DENY);
        var denied = List.of(new AclBinding(pattern, entry));
        KAFKA.grant(denied);
        assertThat(KAFKA.aclsOf("User:" + SERVICE)).containsAll(denied);

        // When
        publish(device, "held", "{}");
        publish(device, "held too", "{}");
        var ids = IntStream.range(0, 5).mapToObj(i -> "other-" + i).toList();
        ids.forEach(id -> publish(other, id, "{}"));

        // Then
        assertThat(awaitState(device, "held").getReason()).startsWith("the topic does not accept it");
        publish(other, "last", "{}");
        assertThat(read(other, token(USER), topic(other).groupPrefix() + "app", ids.size() + 1))
                .extracting(ClientTopicFlowTest::id)
                .containsExactly(Stream.concat(ids.stream(), Stream.of("last")).toArray(String[]::new));
        KAFKA.revoke(denied);
        assertThat(read(device, token(USER), topic(device).groupPrefix() + "app", 2))
                .extracting(ClientTopicFlowTest::id)
                .containsExactly("held", "held too");
    }

    /** On the listener OAUTH, Kafka's own builder makes a user of the name of a service that service. */
    @Test
    void clusterWhereAUserCouldBeAService_getsNoTopics() {
        service.close();
        try (var refused = startService("OAUTH")) {
            // Given
            var device = DEVICES.register(USER);

            // When
            DEVICES.subscribe(device, 1);

            // Then
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(refused.management("/actuator/health/readiness"))
                            .contains("users could log in to Kafka under the name of a service")
                            .contains("listener.name.oauth.principal.builder.class"));
            assertThat(topics()).doesNotContain(topic(device).name());
        } finally {
            service = startService("CLIENT");
        }
    }

    private static RunningChannel startService(String clientListener) {
        var address = KafkaConnection.to(KAFKA.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
        return RunningChannel.begin(
                        FIREBLOCKS,
                        address,
                        "--server.port=0",
                        "--spring.config.additional-location=file:" + KAFKA.settings("SCRAM", "scram.yaml"),
                        "--relay.channel.kafka.enabled=true",
                        "--relay.channel.kafka.client-listener=" + clientListener,
                        "--relay.channel.kafka.replication-factor=1",
                        "--relay.channel.kafka.min-insync-replicas=1")
                .awaitReady();
    }

    private static void publish(String device, String id, String data) {
        assertThat(DEVICES.publish(device, id, data)).succeedsWithin(SOON);
    }

    /** Its events may be sent in a round with those of the other device. */
    private static String subscribedInPartitionOf(String device) {
        int partition = DevicePartition.of(device, LocalKafka.PARTITIONS);
        var other = Stream.generate(() -> UUID.randomUUID().toString())
                .filter(id -> DevicePartition.of(id, LocalKafka.PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
        DEVICES.register(other, USER, 1, -1);
        return subscribe(other, USER);
    }

    private static String subscribed(String user) {
        return subscribe(DEVICES.register(user), user);
    }

    private static String subscribe(String device, String user) {
        DEVICES.subscribe(device, 1);
        awaitReadable(device, user);
        return device;
    }

    /** The broker applies an ACL a little later than the controller confirms it. */
    private static void awaitReadable(String device, String user) {
        awaitState(device, "active");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(KAFKA.aclsOf("Client:" + user))
                        .anyMatch(
                                acl -> acl.pattern().name().equals(topic(device).name())));
    }

    private static ChannelState awaitState(String device, String state) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(DEVICES.state(device))
                        .hasValueSatisfying(
                                found -> assertThat(found.getState()).isEqualTo(state)));
        return DEVICES.state(device).orElseThrow();
    }

    private static ClientTopic topic(String device) {
        return new ClientTopic(device, DEVICES.subscription(device));
    }

    private static List<String> topics() {
        try (var admin = Admin.create(KAFKA.connection().admin("test"))) {
            return List.copyOf(admin.listTopics().names().get());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void setMaxMessageBytes(String device, int bytes) throws Exception {
        var config = new ConfigResource(ConfigResource.Type.TOPIC, topic(device).name());
        var entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        try (var admin = Admin.create(KAFKA.connection().admin("test"))) {
            admin.incrementalAlterConfigs(Map.of(config, List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static TokenRequest token(String user) {
        return FIREBLOCKS.oidc().tokenFor(user);
    }

    private static KafkaConsumer<String, byte[]> consumer(TokenRequest token, Map<String, Object> settings) {
        var config = KAFKA.connection(Listener.CLIENT, token).shortLivedConsumer("client");
        config.putAll(settings);
        return new KafkaConsumer<>(config);
    }

    /** Its last request may be refused while it is closed, which is then said here. */
    private static void closeRefused(KafkaConsumer<?, ?> consumer) {
        try {
            consumer.close();
        } catch (KafkaException e) {
            assertThat(e.getCause() == null ? e : e.getCause())
                    .isInstanceOfAny(TopicAuthorizationException.class, SaslAuthenticationException.class);
        }
    }

    /** Reads in a group, as an app does, until it has so many. */
    private static List<ConsumerRecord<String, byte[]>> read(
            String device, TokenRequest token, String group, int count) {
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

    private static void readPartition(String device, TokenRequest token) {
        try (var consumer = consumer(token, Map.of())) {
            new LogReader(consumer)
                    .readAll(List.of(new TopicPartition(topic(device).name(), 0)), _ -> {});
        }
    }

    private static void write(String device, TokenRequest token) throws Exception {
        var config = KAFKA.connection(Listener.CLIENT, token).producer("client");
        try (var producer = new KafkaProducer<String, byte[]>(config)) {
            producer.send(new ProducerRecord<>(topic(device).name(), new byte[0]))
                    .get();
        }
    }

    private static String readWithJavaScript(NodePackage js, String device, TokenRequest token, String group)
            throws InterruptedException {
        var command = List.of(
                "node",
                "read.mjs",
                KAFKA.bootstrapServers(Listener.CLIENT),
                KAFKA.folder().resolve("ca.pem").toString(),
                topic(device).name(),
                group,
                "3");
        return js.run(Map.of("TOKEN", token.issue()), command.toArray(String[]::new))
                .output();
    }

    private static String id(ConsumerRecord<String, byte[]> record) {
        return JsonMapper.shared().readTree(record.value()).path("id").asString();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
