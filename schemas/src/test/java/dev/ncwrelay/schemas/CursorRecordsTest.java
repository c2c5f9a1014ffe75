package dev.ncwrelay.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class CursorRecordsTest {

    @Test
    void key_hasTheDeviceAndTheConsumer() {
        assertThat(CursorRecords.key("device", "phone")).isEqualTo("device\0phone");
        assertThat(CursorRecords.key("device", "")).isEqualTo("device\0");
    }

    @Test
    void removedUpTo_isTheNumberInTheHeader_ifThereIsOne() {
        assertThat(CursorRecords.removedUpTo(headers("42"))).hasValue(42);
        assertThat(CursorRecords.removedUpTo(headers("many"))).isEmpty();
        assertThat(CursorRecords.removedUpTo(new RecordHeaders())).isEmpty();
    }

    private static RecordHeaders headers(String value) {
        var headers = new RecordHeaders();
        headers.add("ncw-forgets", value.getBytes(StandardCharsets.UTF_8));
        return headers;
    }
}
