package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Replicated queues, on the single node that is their whole cluster here. */
@Tag("kafka")
@Tag("brokers")
class RabbitQuorumTest {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final String USER = "alice";
    private static final int MAX_LENGTH = 20;

    @Test
    void quorumQueue_keepsOrder_holdsBackWhenFull_andSurvivesARestart() throws Exception {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        int port = FreePort.next();
        try (var fireblocks = FakeFireblocks.start();
                var rabbit = LocalRabbitMq.start(URI.create("http://127.0.0.1:" + port + "/rabbitmq/auth/"));
                var kafka = new KafkaDevices();
                var service = RunningChannel.start(
                        fireblocks,
                        rabbit,
                        port,
                        "--relay.channel.rabbitmq.quorum=true",
                        "--relay.channel.rabbitmq.group=quorum",
                        "--relay.channel.rabbitmq.max-length=" + MAX_LENGTH)) {
            var device = kafka.register(USER);
            kafka.subscribe(device, 1);
            awaitState(kafka, device, "active");
            var ids = IntStream.range(0, 3 * MAX_LENGTH)
                    .mapToObj(i -> "event-" + i)
                    .toList();

            publish(kafka, device, ids.subList(0, 2 * MAX_LENGTH));
            awaitState(kafka, device, "held");
            rabbit.stop();
            publish(kafka, device, ids.subList(2 * MAX_LENGTH, ids.size()));
            rabbit.restart();
            service.awaitReady();

            var token = fireblocks.oidc().tokenFor(USER).issue();
            // RabbitMQ never answers a consumer that comes before the queue's leader is elected again.
            try (var client = await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(
                            () -> RabbitClient.connect(rabbit, USER, token).consume(kafka.queue(device)),
                            Objects::nonNull)) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(client.ids()).isEqualTo(ids));
            }
        }
    }

    private static void publish(KafkaDevices kafka, String device, List<String> ids) {
        ids.forEach(id -> kafka.publish(device, id, "{}").join());
    }

    private static void awaitState(KafkaDevices kafka, String device, String expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kafka.state(device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo(expected)));
    }
}
