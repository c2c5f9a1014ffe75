package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that repeat requests at once. Those of the demo backend ignore the status, so they are delayed first; others
 * get 429.
 */
@Tag("kafka")
class CompatThrottlingTest {

    private static RunningDelivery delivery;

    @BeforeAll
    static void start() {
        delivery = RunningDelivery.start("relay.delivery.wait.per-second=4", "relay.delivery.wait.per-device=2");
    }

    @AfterAll
    static void stop() {
        delivery.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/messages?timeout=0", "/transactions"})
    void clientWithoutPauses_isDelayed_notRejected(String path) {
        var device = delivery.device();
        // The burst is 20; later requests are delayed.
        assertThat(IntStream.range(0, 26)
                        .mapToObj(_ -> delivery.get("/api/devices/" + device + path))
                        .map(Reply::status))
                .containsOnly(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/messages?timeout=0", "/transactions"})
    void clientFarBeyondTheRateLimit_isRejected(String path) {
        var device = delivery.device();
        var all = IntStream.range(0, 60)
                .mapToObj(_ -> delivery.send(delivery.request(
                                "GET", "/api/devices/" + device + path, null, delivery.token(RunningDelivery.USER))
                        .build()))
                .toList();

        var statuses =
                all.stream().map(CompletableFuture::join).map(Reply::status).toList();

        // How many are served depends on how long each takes: the device may have two in progress.
        assertThat(statuses).contains(429, 200).containsOnly(200, 429);
    }

    @Test
    void v1ClientWithoutPauses_is429() {
        var device = delivery.device();
        var all = IntStream.range(0, 60)
                .mapToObj(_ -> delivery.pollAsync(device, "{\"wait\":0}"))
                .toList();

        var answers = all.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(Reply::status).contains(200, 429).containsOnly(200, 429);
        assertThat(answers).filteredOn(answer -> answer.status() == 429).allSatisfy(answer -> {
            assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
            assertThat(answer.header("Cache-Control")).contains("no-store");
            assertThat(answer.header("Retry-After")).isEqualTo("1");
            assertThat(answer.json().path("type").asString()).startsWith("urn:ncw-relay:problem:");
            assertThat(answer.json().path("detail").asString()).isNotBlank();
        });
        assertThat(delivery.poll(delivery.device(), "{\"wait\":0}").status()).isEqualTo(200);
    }
}
