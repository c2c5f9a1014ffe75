package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.testkit.thread.BusyCarriers;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Health and metrics. */
@Tag("kafka")
class MetricsTest {

    private final RunningDelivery delivery = RunningDelivery.shared();

    @BeforeEach
    void useTheService() {
        var device = delivery.device();
        delivery.publish(device, "one", "{}");
        var poll = delivery.poll(device, "{\"wait\":10}");
        assertThat(poll.ids()).containsExactly("one");
        delivery.poll(device, "{\"wait\":0,\"ack\":\"" + poll.next() + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"received", "written", "read", "sent", "acknowledged"})
    void latency_isMeasuredByStage(String stage) {
        assertThat(value("relay_delivery_latency_seconds_count{stage=\"" + stage + "\"}"))
                .isPositive();
    }

    @Test
    void waits_areCountedByOutcome() {
        assertThat(value("relay_waits_total{result=\"found\"}")).isPositive();
        assertThat(value("relay_waits_total{result=\"timed_out\"}")).isPositive();
        assertThat(value("relay_waits_active")).isZero();
    }

    @Test
    void ringMailboxAndRegistry_reportSizeAndLag() {
        assertThat(value("relay_feed_bytes")).isPositive();
        assertThat(value("relay_feed_window_seconds")).isBetween(0.0, 120.0);
        await().untilAsserted(
                        () -> assertThat(value("relay_mailbox_lag_records")).isZero());
        assertThat(value("relay_mailbox_gap_records")).isZero();
        assertThat(value("relay_device_registry_devices")).isPositive();
        await().untilAsserted(() ->
                assertThat(value("relay_device_registry_lag_records")).isZero());
    }

    @Test
    void deadLetters_areCountedByTopic() {
        delivery.publishUnreadable(delivery.device());

        var metric = "relay_dead_letters_total{result=\"dead_lettered\",topic=\"ncw.device.events.dlt\"}";
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(value(metric)).isPositive());
    }

    @Test
    void healthAndMetrics_areNotOnThePublicPort() {
        assertThat(delivery.get("/actuator/health").status()).isEqualTo(404);
        assertThat(delivery.get("/actuator/prometheus").status()).isEqualTo(404);
        assertThat(delivery.exchange("GET", "/actuator/health", null, null).status())
                .isEqualTo(401);
    }

    @Test
    void health_respondsWhileAllCarrierThreadsAreBusy() throws Exception {
        try (var _ = new BusyCarriers()) {
            var health = (HttpURLConnection)
                    delivery.managementUrl("/actuator/health/readiness").toURL().openConnection();
            health.setReadTimeout(30_000);

            assertThat(health.getResponseCode()).isEqualTo(200);
        }
    }

    @Test
    void tailThreads_endTheProcessWhenTheyFail() {
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("tail "))
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(CriticalThread::isCritical);
    }

    private double value(String metric) {
        var text = delivery.management("/actuator/prometheus").text();
        var line = Pattern.compile("(?m)^" + Pattern.quote(metric) + " (\\S+)$").matcher(text);
        assertThat(line.find()).as(metric).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
