package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.net.FreePort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** First no server listens at the address of Fireblocks, later one does. */
@Tag("kafka")
class FireblocksAwayTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final String device = UUID.randomUUID().toString();

    @Test
    void requests_areRepliedDuringAnOutageAndCalledAfterIt() throws Exception {
        // Given
        int port = FreePort.next();
        try (var known = FakeFireblocks.start();
                var log = new RequestLog(SharedStack.get().connection());
                var service = RunningService.start(
                        known,
                        Map.of(
                                "relay.rpc.dispatch.group",
                                log.newGroup(),
                                "relay.rpc.fireblocks.base-url",
                                "http://127.0.0.1:" + port))) {

            // When
            var requests = new ArrayList<String>();
            await().atMost(TIMEOUT).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
                // Those that a busy machine reads too late are not called.
                var deadline = Instant.now().plusSeconds(3);
                IntStream.range(0, 100)
                        .mapToObj(i -> log.send(device + "-" + i, "{\"method\":\"enroll_player\"}", deadline))
                        .forEach(requests::add);
                assertThat(service.get("/actuator/prometheus").body())
                        .containsPattern("relay_rpc_circuit_breaker_open(\\{[^}]*})? 1.0");
            });

            // Then
            log.awaitReplies(requests);
            assertThat(requests)
                    .extracting(request -> log.reply(request).reply().getOutcome())
                    .isSubsetOf(RpcOutcome.UNREACHABLE, RpcOutcome.EXPIRED);

            // When
            try (var fireblocks = FakeFireblocks.settings().port(port).start()) {
                fireblocks.invoke().register(known.apiUser().registered());
                var later = log.send(
                        device, "{\"method\":\"enroll_player\"}", Instant.now().plusSeconds(60));

                // Then
                assertThat(log.reply(later).reply().getOutcome()).isEqualTo(RpcOutcome.ANSWERED);
            }
        }
    }
}
