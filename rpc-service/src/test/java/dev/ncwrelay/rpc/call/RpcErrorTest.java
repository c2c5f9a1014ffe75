package dev.ncwrelay.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;

import okio.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RpcErrorTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"Incomplete Device\",\"code\":1001}}",
                "{\"error\":{\"message\":\"Unexpected physicalDeviceId\"}}"
            })
    void rpcError_isRecognized(String body) {
        assertThat(RpcError.isIn(400, ByteString.encodeUtf8(body))).isTrue();
    }

    /** The shapes of the HTTP API's errors, from Fireblocks' pages on errors and responses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":\"HTTP Error description\",\"message\":\"Error message\"}",
                "{\"message\":\"The request is with a future issuance timestamp (iat).\",\"code\":-12}",
                "{\"errorCode\":\"UNKNOWN\",\"errorMessage\":\"Cannot POST /v1\"}",
                "{\"error\":{\"type\":\"VALIDATION\",\"message\":\"no\"}}",
                "<html>",
                "",
                "[]"
            })
    void apiError_isNotAnRpcError(String body) {
        assertThat(RpcError.isIn(400, ByteString.encodeUtf8(body))).isFalse();
    }
}
