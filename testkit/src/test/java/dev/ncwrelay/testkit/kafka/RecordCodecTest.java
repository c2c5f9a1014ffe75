package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.schemas.serde.SchemaHistory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The codec against the real registry, while it is there and while it is not. */
@Tag("kafka")
class RecordCodecTest {

    private static final LocalRegistry registry = SharedStack.get().registry();
    private static final Device DEVICE = new Device("d", "w", "u", null, Instant.EPOCH, Instant.EPOCH, 0L, 0L, -1L);

    @Test
    void encode_writesConfluentsWireFormat() throws Exception {
        try (var codec = new RecordCodec(registry.connection())) {
            var bytes = codec.encode(Topics.DEVICES, DEVICE);

            assertThat(bytes[0]).isZero();
            assertThat(get("/schemas/ids/" + ByteBuffer.wrap(bytes, 1, 4).getInt()))
                    .contains("dev.ncwrelay.avro");
            assertThat(codec.decode(Topics.DEVICES, bytes)).isEqualTo(new Decoded.Value<>(DEVICE));
        }
    }

    @Test
    void encode_keepsTheCompiledVersionWhenTheRegistryHasANewerOne() throws Exception {
        try (var codec = new RecordCodec(registry.connection());
                var fresh = new RecordCodec(registry.connection())) {
            // Given
            var before = codec.encode(Topics.DEVICES, DEVICE);
            var newer = SchemaHistory.of("Device")
                    .versions()
                    .getLast()
                    .replaceFirst(
                            "\"fields\": \\[",
                            "\"fields\": [{\"name\":\"added\",\"type\":\"string\",\"default\":\"\"},");
            post("/subjects/ncw.devices-value/versions", newer);

            // When
            var after = fresh.encode(Topics.DEVICES, DEVICE);

            // Then
            assertThat(after).isEqualTo(before);
        }
    }

    @Test
    void register_ofAnIncompatibleVersion_fails() {
        var broken = SchemaHistory.of("RpcReply")
                .versions()
                .getLast()
                .replaceFirst("\"fields\": \\[", "\"fields\": [{\"name\":\"added\",\"type\":\"string\"},");

        assertThatThrownBy(() -> post("/subjects/ncw.rpc.replies-value/versions", broken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("409");
    }

    @Test
    void codec_afterWarmUp_needsNoRegistry() {
        try (var forward = PortForward.to(registry.url().getPort()).open();
                var codec = new RecordCodec(through(forward))) {
            codec.warmUp();

            forward.cut();

            assertThat(codec.decode(Topics.DEVICES, codec.encode(Topics.DEVICES, DEVICE)))
                    .isEqualTo(new Decoded.Value<>(DEVICE));
        }
    }

    @Test
    void warmUp_failsWithoutRegistry() {
        try (var codec = new RecordCodec(through(PortForward.to(registry.url().getPort())))) {
            assertThatThrownBy(codec::warmUp).isInstanceOf(RuntimeException.class);
        }
    }

    @Test
    void decode_distinguishesAnUnavailableRegistryFromInvalidBytes() {
        try (var forward = PortForward.to(registry.url().getPort()).open();
                var codec = new RecordCodec(through(forward))) {
            var unknownId = new byte[] {0, 0, 9, 9, 9, 1, 2, 3};
            assertThat(codec.decode(Topics.DEVICES, unknownId)).isInstanceOf(Decoded.Unreadable.class);

            forward.cut();

            assertThat(codec.decode(Topics.DEVICES, unknownId)).isInstanceOf(Decoded.RegistryDown.class);
        }
    }

    @Test
    void decode_ofEveryOtherFault_isUnreadable() {
        try (var codec = new RecordCodec(registry.connection())) {
            var good = codec.encode(Topics.DEVICES, DEVICE);
            var truncated = java.util.Arrays.copyOf(good, good.length - 3);

            assertThat(codec.decode(Topics.DEVICES, new byte[0])).isInstanceOf(Decoded.Unreadable.class);
            assertThat(codec.decode(Topics.DEVICES, new byte[] {1, 2, 3, 4, 5, 6}))
                    .isInstanceOf(Decoded.Unreadable.class);
            assertThat(codec.decode(Topics.DEVICES, truncated)).isInstanceOf(Decoded.Unreadable.class);
            assertThat(codec.decode(Topics.RPC_REQUESTS, good)).isInstanceOf(Decoded.Unreadable.class);
        }
    }

    private static RegistryConnection through(PortForward forward) {
        return RegistryConnection.at(URI.create("http://127.0.0.1:" + forward.port()));
    }

    private static String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private static void post(String path, String schema) throws IOException, InterruptedException {
        var escaped = schema.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        var body = "{\"schemaType\":\"AVRO\",\"schema\":\"" + escaped + "\"}";
        send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static URI uri(String path) {
        return URI.create(registry.connection().confluentUrl() + path);
    }

    private static String send(HttpRequest request) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(response.statusCode() + " " + response.body());
            }
            return response.body();
        }
    }
}
