package dev.ncwrelay.rpc.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {

    private static final String VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void w3cTraceParent_isForwarded() {
        var headers = new RecordHeaders().add("traceparent", VALID.getBytes(StandardCharsets.UTF_8));

        assertThat(TraceParent.of(headers)).hasValueSatisfying(header -> {
            assertThat(header.key()).isEqualTo("traceparent");
            assertThat(header.value()).asString().isEqualTo(VALID);
        });
    }

    @Test
    void missingTraceParent_isEmpty() {
        assertThat(TraceParent.of(new RecordHeaders())).isEmpty();
        assertThat(TraceParent.of(new RecordHeaders().add("traceparent", null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "trace",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\r\n01"
            })
    void invalidTraceParent_isDropped(String value) {
        var headers = new RecordHeaders().add("traceparent", value.getBytes(StandardCharsets.UTF_8));

        assertThat(TraceParent.of(headers)).isEmpty();
    }
}
