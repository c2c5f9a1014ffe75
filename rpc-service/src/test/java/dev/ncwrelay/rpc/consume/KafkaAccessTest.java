package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.AclTrial;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka;
import dev.ncwrelay.testkit.kafka.SecuredKafka.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * The service with a password (SCRAM) and exactly the ACLs of docs/security-kafka.md. Each is taken away for a while, in which
 * requests arrive, one of them again, and one that is unreadable.
 */
@Tag("kafka")
@Tag("brokers")
@ExtendWith(OutputCaptureExtension.class)
class KafkaAccessTest {

    private static final String REPEATABLE = "get_all_keys";
    private static final String NOT_REPEATABLE = "enroll_player";

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SecuredKafka kafka = SecuredKafka.start(fireblocks.oidc()).withTopics();
    private final RequestLog log = new RequestLog(kafka.connection());
    private final List<String> devices = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    @AfterEach
    void stop() {
        log.close();
        kafka.close();
        fireblocks.close();
    }

    @Test
    void everyAcl_isNeeded_andNothingIsLostWithoutIt(CapturedOutput output) {
        // Given
        kafka.run("rpc-service");
        var acls = kafka.aclsOf("User:rpc-service");
        kafka.revoke(acls);
        var settings = Map.of(
                "spring.config.additional-location",
                "file:" + kafka.settings("SCRAM", "scram.yaml"),
                "relay.kafka.access-check-interval",
                "100ms");
        var address = KafkaConnection.to(kafka.bootstrapServers(Listener.INTERNAL), LocalKafka.PARTITIONS);
        try (var service = RunningService.begin(fireblocks, address, settings)) {
            var trial = new AclTrial(
                    kafka, acls, () -> service.get("/actuator/health/readiness").body(), output::getOut);

            // When
            trial.start();
            log.reply(use());
            trial.eachAlone(missing -> {
                use();
                missing.awaitFailureOfAClient();
            });

            // Then
            log.awaitReplies(requests);
            assertThat(requests)
                    .extracting(request -> log.reply(request).reply().getOutcome())
                    .containsOnly(RpcOutcome.ANSWERED);
            assertThat(devices)
                    .allSatisfy(device -> assertThat(fireblocks.invoke().callsOf(device))
                            .filteredOn(call -> call.payload().contains(NOT_REPEATABLE))
                            .hasSize(1));
            await().untilAsserted(() -> assertThat(devices)
                    .allSatisfy(device -> assertThat(log.deadLettersOf(device)).isNotEmpty()));
        }
    }

    /** Sends everything that delivery-service can send, and the previous request again, which reads its reply. */
    private String use() {
        var device = "device-" + devices.size();
        devices.add(device);
        if (!requests.isEmpty()) {
            log.sendAgain(requests.getFirst());
        }
        log.send(device, new byte[] {1}, RequestLog.traceOf("unreadable"));
        requests.add(log.send(device, NOT_REPEATABLE));
        requests.add(log.send(device, REPEATABLE));
        return requests.getLast();
    }
}
