package dev.ncwrelay.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void of_keepsTheRecordAndItsCoordinates() {
        // Given
        var failed = new ConsumerRecord<>("ncw.rpc.requests", 3, 42, "device", new byte[] {1, 2});
        failed.headers().add("traceparent", new byte[] {9});

        // When
        var letter = DeadLetters.of(failed, "not in Confluent's wire format", NOW);

        // Then
        assertThat(letter.topic()).isEqualTo("ncw.rpc.requests.dlt");
        assertThat(letter.key()).isEqualTo("device");
        assertThat(letter.value()).containsExactly(1, 2);
        assertThat(letter.headers().lastHeader("traceparent").value()).containsExactly(9);
        assertThat(text(letter.headers(), DeadLetters.TOPIC)).isEqualTo("ncw.rpc.requests");
        assertThat(text(letter.headers(), DeadLetters.PARTITION)).isEqualTo("3");
        assertThat(text(letter.headers(), DeadLetters.OFFSET)).isEqualTo("42");
        assertThat(text(letter.headers(), DeadLetters.REASON)).isEqualTo("not in Confluent's wire format");
        assertThat(text(letter.headers(), DeadLetters.FAILED_AT)).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void of_takesBytesThatWereOnNoTopic() {
        var letter = DeadLetters.of("ncw.webhooks.dlt", null, new byte[] {7}, "not JSON", NOW);

        assertThat(letter.value()).containsExactly(7);
        assertThat(letter.headers().lastHeader(DeadLetters.OFFSET)).isNull();
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
