package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.access.AccessCheck;
import dev.ncwrelay.kafka.access.AccessMonitor;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.oidc.TokenRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is who on a secured broker, and what a client without ACLs gets. */
@Tag("kafka")
@Tag("brokers")
class SecuredKafkaTest {

    private static final String SERVICE = "delivery-service";

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final SecuredKafka KAFKA =
            SecuredKafka.start(FIREBLOCKS.oidc()).withTopics();

    @BeforeAll
    static void grant() {
        KAFKA.run(SERVICE);
        assertThat(KAFKA.aclsOf("User:" + SERVICE)).isNotEmpty();
    }

    @AfterAll
    static void stop() {
        KAFKA.close();
        FIREBLOCKS.close();
    }

    @Test
    void userWithTheNameOfAService_hasNoneOfItsPermissions() {
        try (var admin = admin(Listener.CLIENT, FIREBLOCKS.oidc().tokenFor(SERVICE))) {
            assertThatThrownBy(() -> describeDevices(admin)).hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    /** Why users need another listener: there, the name would be enough. */
    @Test
    void nameOfAService_onAListenerWithKafkasPrincipalBuilder_isTheService() {
        try (var admin =
                admin(Listener.OAUTH, FIREBLOCKS.oidc().tokenFor(SERVICE).audience("kafka"))) {
            await().untilAsserted(() -> assertThat(describeDevices(admin)).hasSize(1));
        }
    }

    /** Kafka removes blanks around the subject of a token. */
    @Test
    void userWithABlankMore_isNotTheUserWithout() {
        KAFKA.shell("kafka-acls.sh $ADMIN --add --allow-principal Client:user-3 --operation Read --topic ncw.devices");
        try (var admin = admin(Listener.CLIENT, FIREBLOCKS.oidc().tokenFor("user-3"))) {
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(describeDevices(admin)).hasSize(1));
        }
        for (var name : List.of(" user-3", "user-3 ", "\u2003user-3\n")) {
            try (var admin = admin(Listener.CLIENT, FIREBLOCKS.oidc().tokenFor(name))) {
                assertThatThrownBy(() -> describeDevices(admin)).hasCauseInstanceOf(TopicAuthorizationException.class);
            }
        }
    }

    @Test
    void tokenOfAUser_isRefusedWhereServicesLogIn() {
        try (var admin = admin(Listener.OAUTH, FIREBLOCKS.oidc().tokenFor("user-1"))) {
            assertThatThrownBy(() -> describeDevices(admin)).hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    @Test
    void wrongPassword_isNamedByTheMonitor() {
        var settings = new HashMap<>(tls());
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put(
                "sasl.jaas.config",
                ScramLoginModule.class.getName() + " required username=\"rpc-service\" password=\"wrong\";");
        var kafka = KafkaConnection.to(KAFKA.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS, settings);

        try (var monitor =
                new AccessMonitor(kafka, KafkaNeeds.of(KafkaAccess.none().read("ncw.rpc.requests")))) {
            await().untilAsserted(() -> assertThat(monitor.refusal())
                    .hasValueSatisfying(reason -> assertThat(reason)
                            .startsWith("cannot log in: Authentication failed")
                            .doesNotContain("password=")));
        }
    }

    @Test
    void acl_ofAUser_isForThePrincipalClient() {
        var before = KAFKA.aclsOf("Client:user-2");
        KAFKA.shell("kafka-acls.sh $ADMIN --add --allow-principal Client:user-2 --operation Read --topic ncw.devices");
        assertThat(KAFKA.aclsOf("Client:user-2")).hasSizeGreaterThan(before.size());

        try (var admin = admin(Listener.CLIENT, FIREBLOCKS.oidc().tokenFor("user-2"))) {
            await().untilAsserted(() -> assertThat(describeDevices(admin)).hasSize(1));
        }
    }

    @Test
    void accessCheck_namesOperationsAndResources() throws Exception {
        var needs = KafkaNeeds.of(KafkaAccess.none()
                .read(Topics.RPC_REQUESTS.name())
                .write(Topics.DEVICE_EVENTS.name())
                .own("ncw-other-changelog")
                .group("ncw-other"));
        var connection = KAFKA.connection(
                Listener.OAUTH, FIREBLOCKS.oidc().tokenFor(SERVICE).audience("kafka"));
        try (var admin = Admin.create(connection.admin("test"))) {
            assertThat(AccessCheck.refusal(admin, needs))
                    .hasValue("may not READ topic ncw-other-changelog, WRITE topic ncw-other-changelog,"
                            + " WRITE topic ncw.device.events, READ group ncw-other");
        }
    }

    /** Kafka refuses such a producer its id, and not only the record. */
    @Test
    void producerWithoutAnyPermission_worksWhenItHasOne() {
        var principal = "User:writer";
        var connection = KAFKA.connection(
                Listener.OAUTH, FIREBLOCKS.oidc().tokenFor("writer").audience("kafka"));
        var record = new ProducerRecord<String, byte[]>(Topics.DEVICES.deadLetters(), 0, "key", new byte[] {1});
        try (var producer = new KafkaProducer<String, byte[]>(connection.producer("test"))) {
            assertThatThrownBy(() -> producer.send(record).get())
                    .cause()
                    .isInstanceOfAny(TopicAuthorizationException.class, ClusterAuthorizationException.class);

            KAFKA.shell("kafka-acls.sh $ADMIN --add --allow-principal " + principal + " --operation Write --topic "
                    + record.topic());
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(producer.send(record).get().hasOffset()).isTrue());

            var acls = KAFKA.aclsOf(principal);
            KAFKA.revoke(acls);
            await().untilAsserted(
                            () -> assertThatThrownBy(() -> producer.send(record).get())
                                    .hasCauseInstanceOf(TopicAuthorizationException.class));
            KAFKA.grant(acls);
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(producer.send(record).get().hasOffset()).isTrue());
        }
    }

    private static Map<String, ?> describeDevices(Admin admin) throws Exception {
        return admin.describeTopics(List.of(Topics.DEVICES.name()))
                .allTopicNames()
                .get();
    }

    private static Admin admin(Listener listener, TokenRequest token) {
        return Admin.create(KAFKA.connection(listener, token).admin("test"));
    }

    private static Map<String, String> tls() {
        return Map.of(
                "ssl.truststore.type", "PKCS12",
                "ssl.truststore.location", KAFKA.folder().resolve("ca.p12").toString(),
                "ssl.truststore.password", "for-tests");
    }
}
