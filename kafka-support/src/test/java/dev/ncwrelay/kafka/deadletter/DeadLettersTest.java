package dev.ncwrelay.kafka.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
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
    void of_acceptsBytesThatWereNeverOnATopic() {
        var letter = DeadLetters.of("ncw.webhooks.dlt", null, new byte[] {7}, "not JSON", NOW);

        assertThat(letter.value()).containsExactly(7);
        assertThat(letter.headers().lastHeader(DeadLetters.OFFSET)).isNull();
    }

    /** All that is large may be left out: headers and keys are the sender's too. */
    @Test
    void withoutValue_keepsTheCoordinates() {
        // Given
        var failed = new ConsumerRecord<>("ncw.rpc.requests", 3, 42, "k".repeat(2_000), new byte[70]);
        failed.headers().add("huge", new byte[1_000_000]);

        // When
        var letter = DeadLetters.withoutValue(DeadLetters.of(failed, "bad ".repeat(1_000), NOW));

        // Then
        assertThat(letter.topic()).isEqualTo("ncw.rpc.requests.dlt");
        assertThat(letter.value()).isNull();
        assertThat(letter.key()).isNull();
        assertThat(letter.headers())
                .extracting(Header::key)
                .containsExactlyInAnyOrder(
                        DeadLetters.TOPIC,
                        DeadLetters.PARTITION,
                        DeadLetters.OFFSET,
                        DeadLetters.REASON,
                        DeadLetters.FAILED_AT,
                        DeadLetters.LEFT_OUT);
        assertThat(text(letter.headers(), DeadLetters.LEFT_OUT)).isEqualTo("70");
        assertThat(text(letter.headers(), DeadLetters.REASON)).hasSize(1_000);
    }

    @Test
    void withoutValue_keepsAKeyOfUsualLength() {
        var letter = DeadLetters.withoutValue(DeadLetters.of("ncw.webhooks.dlt", "key", new byte[] {7}, "bad", NOW));

        assertThat(letter.key()).isEqualTo("key");
    }

    private static String text(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
