package dev.ncwrelay.delivery.messages.longpoll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Page;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PollResponseWriterTest {

    /** Larger than the buffers of a JSON generator, so that buffer boundaries fall on every byte of a character. */
    private static final int LARGE = 40_000;

    private final PollResponseWriter writer = new PollResponseWriter(JsonMapper.shared());

    @Test
    void write_keepsDataByteForByte() {
        for (int shift = 0; shift < 4; shift++) {
            var data = "{\"n\" : 1.0, \"t\":\"" + "x".repeat(shift) + "\uD83D\uDD11\u00e9\u20ac\\u00e9".repeat(LARGE)
                    + "\"}";

            var body = new String(write(data), StandardCharsets.UTF_8);

            assertThat(body.contains("\"data\":" + data + "}"))
                    .as("shift %d", shift)
                    .isTrue();
        }
    }

    @Test
    void write_omitsAbsentMembers() {
        assertThat(new String(write("{}"), StandardCharsets.UTF_8))
                .isEqualTo("{\"messages\":[{\"id\":\"event\",\"cursor\":\"@7\",\"type\":\"type\","
                        + "\"createdAt\":\"2026-01-02T03:04:05Z\",\"walletId\":\"wallet\",\"data\":{}}],"
                        + "\"next\":\"@9\",\"more\":false,\"caughtUp\":true}");
    }

    private byte[] write(String data) {
        var event = new Event(
                "event",
                "type",
                "device",
                "wallet",
                null,
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2026-01-02T03:04:06Z"),
                ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)),
                7);
        return writer.write(new Page(List.of(event), 9, false), offset -> "@" + offset);
    }
}
