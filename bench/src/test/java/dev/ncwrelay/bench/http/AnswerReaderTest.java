package dev.ncwrelay.bench.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {

    @Test
    void read_takesOneAnswerAfterTheOther() throws IOException {
        var reader = reader(
                "HTTP/1.1 200 OK",
                "Content-Length: 2",
                "",
                "abHTTP/1.1 204 No Content",
                "",
                "HTTP/1.1 503 Service Unavailable",
                "content-length: 1",
                "Connection: close",
                "",
                "c");

        assertThat(reader.read().text()).isEqualTo("ab");
        assertThat(reader.read().status()).isEqualTo(204);
        assertThat(reader.isClosing()).isFalse();
        assertThat(reader.read().text()).isEqualTo("c");
        assertThat(reader.isClosing()).isTrue();
    }

    @Test
    void read_joinsChunks() throws IOException {
        var reader = reader(
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "3",
                "abc",
                "A;x=y",
                "0123456789",
                "0",
                "Trailer: t",
                "",
                "HTTP/1.1 200 OK",
                "Content-Length: 1",
                "",
                "d");

        assertThat(reader.read().text()).isEqualTo("abc0123456789");
        assertThat(reader.read().text()).isEqualTo("d");
    }

    @Test
    void read_failsWhenTheConnectionEnds() {
        var reader = reader("HTTP/1.1 200 OK", "Content-Length: 3", "", "ab");

        assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
    }

    private static AnswerReader reader(String... lines) {
        var wire = String.join("\r\n", lines);
        return new AnswerReader(new ByteArrayInputStream(wire.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
