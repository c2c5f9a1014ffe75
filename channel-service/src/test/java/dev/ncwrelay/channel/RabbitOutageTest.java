package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RabbitMQ accepts nothing for a while, or is away. */
@Tag("kafka")
@Tag("brokers")
class RabbitOutageTest {

    private static final Duration SOON = RabbitFixture.SOON;
    private static final int MAX_LENGTH = RabbitFixture.MAX_LENGTH;

    @RegisterExtension
    private static final RabbitFixture RABBIT = new RabbitFixture();

    @Test
    void alarm_holdsEverythingBack_andNothingIsLost() throws Exception {
        var devices = Stream.generate(RABBIT::subscribed).limit(5).toList();
        var published = new HashMap<>(RABBIT.publish(devices, 3));
        RABBIT.broker().setAlarm(true);
        try {
            // The alarm is in force seconds later, and the broker tells a connection of it when that publishes next.
            await().atMost(SOON).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> {
                RabbitFixture.merge(published, RABBIT.publish(devices, 1));
                assertThat(RABBIT.service().management("/actuator/health/readiness"))
                        .contains("DEGRADED", "RabbitMQ accepts nothing");
            });
        } finally {
            RABBIT.broker().setAlarm(false);
        }
        RABBIT.service().awaitReady();

        RABBIT.assertReceived(published);
    }

    @Test
    void fullQueue_isFilledAgain_alsoAfterTheBrokerWasAway() throws Exception {
        var device = RABBIT.subscribed();
        var published = RABBIT.publish(List.of(device), 2 * MAX_LENGTH);
        RABBIT.awaitState(device, "held");
        RABBIT.broker().stop();
        try {
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(RABBIT.service().management("/actuator/health/readiness"))
                            .contains("DEGRADED", "Connection refused"));
        } finally {
            RABBIT.broker().restart();
        }

        RABBIT.assertReceived(published);
    }

    @Test
    void killedBroker_andRestartedService_loseNothing() throws Exception {
        var devices = Stream.generate(RABBIT::subscribed).limit(20).toList();

        var published = new HashMap<>(RABBIT.publish(devices, 10));
        RABBIT.broker().kill();
        try {
            RabbitFixture.merge(published, RABBIT.publish(devices, 10));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(RABBIT.service().management("/actuator/health/readiness"))
                            .contains("DEGRADED", "Connection refused"));
            await().atMost(SOON).untilAsserted(() -> assertThat(RABBIT.lag()).isGreaterThanOrEqualTo(200));
            RABBIT.service().close();
            RabbitFixture.merge(published, RABBIT.publish(devices, 10));
        } finally {
            RABBIT.broker().restart();
        }
        RABBIT.startService();

        RABBIT.assertReceived(published);
        await().atMost(SOON).untilAsserted(() -> assertThat(RABBIT.lag()).isZero());
    }
}
