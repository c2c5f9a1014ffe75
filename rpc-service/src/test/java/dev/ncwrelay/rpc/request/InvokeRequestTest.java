package dev.ncwrelay.rpc.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.request.InvokeRequest.Check.Invalid;
import dev.ncwrelay.rpc.request.InvokeRequest.Check.Valid;
import java.nio.ByteBuffer;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class InvokeRequestTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void check_buildsTheBodyFromTheExactPayload() {
        // Given
        var payload = "not JSON: \"quotes\" \\ \n tab\t Grüße 世界 𝄞 \u2028";
        var record =
                request().setPayload(ByteBuffer.wrap(payload.getBytes(UTF_8))).build();

        // When
        var check = InvokeRequest.check(record);

        // Then
        assertThat(check).asInstanceOf(type(Valid.class)).satisfies(callable -> {
            var body = callable.request().body();
            assertThat(JsonMapper.shared()
                            .readTree(body.bytes().utf8())
                            .path("payload")
                            .stringValue())
                    .isEqualTo(payload);
            assertThat(body.sha256()).isEqualTo(body.bytes().sha256().hex());
        });
    }

    @Property(tries = 200)
    void check_acceptsAnyText(@ForAll String text) {
        // A lone surrogate has no UTF-8 encoding, and becomes a question mark here.
        var payload = new String(text.getBytes(UTF_8), UTF_8);
        var record =
                request().setPayload(ByteBuffer.wrap(payload.getBytes(UTF_8))).build();

        var callable = (Valid) InvokeRequest.check(record);

        assertThat(JsonMapper.shared()
                        .readTree(callable.request().body().bytes().utf8())
                        .path("payload")
                        .stringValue())
                .isEqualTo(payload);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void check_rejectsIdsThatAUrlRemoves(String id) {
        assertThat(InvokeRequest.check(request().setDeviceId(id).build())).isInstanceOf(Invalid.class);
        assertThat(InvokeRequest.check(request().setWalletId(id).build())).isInstanceOf(Invalid.class);
    }

    @Test
    void check_rejectsPayloadsThatAreNotUtf8() {
        var record = request()
                .setPayload(ByteBuffer.wrap(new byte[] {'a', (byte) 0xff}))
                .build();

        assertThat(InvokeRequest.check(record)).isEqualTo(new Invalid("the payload is not UTF-8"));
    }

    @Test
    void check_keepsTheTenant() {
        assertThat(InvokeRequest.check(request().setTenant("acme").build()))
                .isInstanceOfSatisfying(
                        Valid.class,
                        callable -> assertThat(callable.request().tenant()).isEqualTo("acme"));
    }

    @Test
    void toString_omitsThePayload() {
        var record = request()
                .setPayload(ByteBuffer.wrap("the-payload".getBytes(UTF_8)))
                .build();

        assertThat(InvokeRequest.check(record).toString()).contains("device-1").doesNotContain("the-payload");
    }

    private static RpcRequest.Builder request() {
        return RpcRequest.newBuilder()
                .setRequestId("request-1")
                .setDeviceId("device-1")
                .setWalletId("wallet-1")
                .setPayload(ByteBuffer.wrap("{}".getBytes(UTF_8)))
                .setCreatedAt(NOW)
                .setDeadline(NOW.plusSeconds(30));
    }
}
