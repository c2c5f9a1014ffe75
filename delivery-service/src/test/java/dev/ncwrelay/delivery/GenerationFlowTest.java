package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The events topic is deleted and re-created while a node runs. */
@Tag("kafka")
@Tag("brokers")
class GenerationFlowTest {

    @Test
    void cursorsAndPositions_ofThePreviousGeneration_are410_andTheNodeContinues() throws Exception {
        try (var kafka = LocalKafka.start();
                var delivery = RunningDelivery.startOn(kafka)) {
            var device = delivery.device();
            for (int event = 0; event < 5; event++) {
                delivery.publish(device, "before-" + event, "{}");
            }
            var first = await().atMost(Duration.ofMinutes(1))
                    .until(
                            () -> delivery.poll(device, "{\"wait\":0,\"after\":\"earliest\"}"),
                            poll -> poll.ids().size() == 5);
            assertThat(delivery.poll(device, "{\"wait\":0,\"ack\":\"" + first.next() + "\"}")
                            .status())
                    .isEqualTo(200);
            var held = delivery.pollAsync(device, "{\"wait\":20,\"after\":\"" + first.next() + "\"}");
            delivery.awaitHeld(1);

            createAgain(kafka);
            var old = "{\"wait\":0,\"after\":\"" + first.next() + "\"}";
            var gone = await().atMost(Duration.ofMinutes(2))
                    .until(() -> delivery.poll(device, old), poll -> poll.status() == 410);
            for (int event = 0; event < 7; event++) {
                delivery.publish(device, "after-" + event, "{}");
            }

            assertThat(gone.json().path("reason").asString()).isEqualTo("generation");
            var earliest = gone.json().path("earliest").asString();
            var expected = List.of("after-0", "after-1", "after-2", "after-3", "after-4", "after-5", "after-6");
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(delivery.poll(device, "{\"wait\":0,\"after\":\"" + earliest + "\"}")
                                    .ids())
                            .isEqualTo(expected));
            // The position was of the previous generation.
            assertThat(delivery.poll(device, "{\"wait\":0}").ids()).isEqualTo(expected);
            assertThat(held.join().status()).isEqualTo(410);
            assertThat(delivery.poll(device, old).status()).isEqualTo(410);
        }
    }

    private static void createAgain(LocalKafka kafka) throws ExecutionException, InterruptedException {
        var name = Topics.DEVICE_EVENTS.name();
        try (var admin = Admin.create(kafka.connection().admin("generation-flow-test"))) {
            admin.deleteTopics(List.of(name)).all().get();
            await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
                admin.createTopics(List.of(new NewTopic(name, LocalKafka.PARTITIONS, (short) 1)))
                        .all()
                        .get();
                return true;
            });
        }
    }
}
