package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A deployment that has configured no kind of channel, and no demo API, needs none of their topics. */
@Tag("kafka")
class UnusedChannelsTest {

    private static final List<String> TOPICS =
            List.of(Topics.DEVICE_CHANNELS.name(), Topics.CHANNEL_STATES.name(), Topics.PASSPHRASES.name());

    @Test
    void nodeWithoutChannels_isReadyWithoutTheirTopics_andAnswers501() throws Exception {
        try (var kafka = LocalKafka.start()) {
            deleteTopics(kafka);
            long before = tails();
            try (var delivery = RunningDelivery.startOn(kafka)) {
                var device = delivery.device();
                var token = delivery.token(RunningDelivery.USER);
                for (var kind : List.of("rabbitmq", "kafka", "fcm")) {
                    for (var method : List.of("PUT", "GET", "DELETE")) {
                        var refused =
                                delivery.exchange(method, "/v1/devices/" + device + "/channels/" + kind, null, token);
                        assertThat(refused.status()).as(refused.text()).isEqualTo(501);
                        assertThat(refused.json().path("detail").asString()).contains("relay.delivery.channel." + kind);
                    }
                }
                var list = delivery.get("/v1/devices/" + device + "/channels");
                assertThat(list.status()).isEqualTo(501);
                assertThat(list.json().path("type").asString())
                        .isEqualTo("urn:ncw-relay:problem:channel-not-configured");
                assertThat(list.json().path("detail").asString()).contains("RELAY_DELIVERY_CHANNEL_RABBITMQ_URL");
                // Off by default: its paths are unknown, whatever the address of wallets.
                for (var path : List.of(
                        "/api/login", "/api/devices/d-1/assign", "/api/devices/d-1/join", "/api/passphrase/p-1")) {
                    assertThat(delivery.post(path, "{}").status()).as(path).isEqualTo(404);
                }
                for (var path : List.of(
                        "/api/devices",
                        "/api/wallets",
                        "/api/wallets/w-1/backup/latest",
                        "/api/passphrase",
                        "/api/devices/d-1/accounts")) {
                    assertThat(delivery.get(path).status()).as(path).isEqualTo(404);
                }
                assertThat(tails()).isEqualTo(before);
            }
            try (var delivery = RunningDelivery.beginOn(
                    kafka.connection(),
                    "relay.delivery.channel.rabbitmq.url=amqps://mq.example",
                    "relay.delivery.demo-api.enabled=true")) {
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(() -> assertThat(delivery.management("/actuator/health/readiness")
                                        .text())
                                .contains(TOPICS));
            }
        }
    }

    /** Services of other tests may have some. */
    private static long tails() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> TOPICS.contains(name.replace("tail ", "")))
                .count();
    }

    private static void deleteTopics(LocalKafka kafka) throws ExecutionException, InterruptedException {
        try (var admin = Admin.create(kafka.connection().admin("unused-channels-test"))) {
            admin.deleteTopics(TOPICS).all().get();
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(admin.listTopics().names().get())
                            .doesNotContainAnyElementsOf(Set.copyOf(TOPICS)));
        }
    }
}
