package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All clients of Kafka, Kafka Streams included, with TLS and client certificates from an SSL bundle. */
@Tag("kafka")
class KafkaTlsTest {

    @Test
    void service_usesTheSslBundle(@TempDir Path folder) {
        var tls = TlsIdentity.create(folder);
        try (var kafka = LocalKafka.start(tls);
                var delivery =
                        RunningDelivery.startOn(kafka, tls.springSettings().toArray(String[]::new))) {
            var device = delivery.device();
            delivery.publish(device, "e1", "{}");

            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(delivery.poll(device, "{\"wait\":0,\"after\":\"earliest\"}")
                                    .ids())
                            .containsExactly("e1"));
        }
    }
}
