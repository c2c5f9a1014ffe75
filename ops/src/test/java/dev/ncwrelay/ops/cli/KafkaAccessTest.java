package dev.ncwrelay.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools log in by token, and have exactly the ACLs of docs/security-kafka.md. */
@Tag("kafka")
@Tag("brokers")
class KafkaAccessTest {

    private static final FakeFireblocks FIREBLOCKS = FakeFireblocks.start();
    private static final SecuredKafka KAFKA = SecuredKafka.start(FIREBLOCKS.oidc());

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void grant() {
        KAFKA.run("ops");
        assertThat(KAFKA.aclsOf("User:ops-provision")).hasSize(3);
    }

    @AfterAll
    static void stop() {
        KAFKA.close();
        FIREBLOCKS.close();
    }

    @Test
    void provision_namesEachMissingPermission() {
        assertThat(provision()).as(err.toString()).isZero();

        for (var acl : KAFKA.aclsOf("User:ops-provision")) {
            KAFKA.revoke(List.of(acl));
            await().untilAsserted(() -> assertThat(provision()).isOne());
            assertThat(err.toString()).contains("may not " + acl.entry().operation() + " topic ncw.");

            KAFKA.grant(List.of(acl));
            await().untilAsserted(() -> assertThat(provision()).isZero());
        }
    }

    @Test
    void dlt_namesEachMissingPermission() throws Exception {
        // Given
        KAFKA.withTopics();
        var id = deadLetter();
        var acls = KAFKA.aclsOf("User:ops-dlt");
        var refusals = Map.of(
                AclOperation.READ, "Not authorized to access topics: [ncw.devices.dlt]",
                AclOperation.WRITE, "may not WRITE topic ncw.devices");
        assertThat(acls).extracting(acl -> acl.entry().operation()).containsOnlyOnceElementsOf(refusals.keySet());
        assertThat(redrive(id)).as(err.toString()).isZero();

        for (var acl : acls) {
            // When
            KAFKA.revoke(List.of(acl));

            // Then
            await().untilAsserted(() -> assertThat(redrive(id)).isOne());
            assertThat(err.toString()).contains(refusals.get(acl.entry().operation()));
            KAFKA.grant(List.of(acl));
            await().untilAsserted(() -> assertThat(redrive(id)).isZero());
        }
    }

    /** Kafka's list of topics leaves out those that may not be described, as if there were no dead letters. */
    @Test
    void dltList_withoutAnyPermission_fails() {
        var acls = List.<AclBinding>copyOf(KAFKA.aclsOf("User:ops-dlt"));
        KAFKA.revoke(acls);

        await().untilAsserted(() -> assertThat(relay("dlt", "ops-dlt", "list")).isOne());
        assertThat(err.toString()).contains("may not READ topic ncw.");
        KAFKA.grant(acls);
    }

    private static String deadLetter() throws Exception {
        var failed = new ConsumerRecord<String, byte[]>(Topics.DEVICES.name(), 0, 0, "device", new byte[] {1});
        try (var producer = TestProducer.of(KAFKA.connection(), "test")) {
            var letter = producer.send(DeadLetters.of(failed, "unreadable", Instant.now()))
                    .get();
            return letter.topic() + "@" + letter.partition() + ":" + letter.offset();
        }
    }

    private int redrive(String id) {
        return relay("dlt", "ops-dlt", "redrive", id, "--again", "--yes");
    }

    private int provision() {
        return relay(
                "provision",
                "ops-provision",
                "--development-broker",
                "--registry=" + SharedStack.get().registry().url());
    }

    private int relay(String command, String user, String... options) {
        err.getBuffer().setLength(0);
        var arguments = new ArrayList<>(List.of(
                command,
                "--bootstrap-servers=" + KAFKA.bootstrapServers(Listener.OAUTH),
                "--config=" + KAFKA.settings("Token", user + ".properties", user)));
        arguments.addAll(List.of(options));
        return OpsCommand.commandLine(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }
}
