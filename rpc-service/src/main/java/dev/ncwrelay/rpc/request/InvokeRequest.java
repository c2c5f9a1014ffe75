package dev.ncwrelay.rpc.request;

import dev.ncwrelay.avro.RpcRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call to make. Every instance can be sent: its ids are single path segments and its payload is text.
 *
 * @param requestId the request's id, unique within the device
 * @param tenant whose Fireblocks account is used; null is the default one
 * @param body to send
 * @param method that the payload names
 * @param deadline after which the reply is not needed
 */
public record InvokeRequest(
        String requestId,
        String deviceId,
        String walletId,
        @Nullable String tenant,
        InvokeBody body,
        SdkMethod method,
        Instant deadline) {

    /** Segments that every URL library removes, encoded or not (RFC 3986 section 5.2.4). */
    private static final Set<String> INVALID_SEGMENTS = Set.of("", ".", "..");

    /** The result of {@link #check}. */
    public sealed interface Check {

        /** The request can be sent. */
        record Valid(InvokeRequest request) implements Check {}

        /** The request can never be sent, for this reason. */
        record Invalid(String reason) implements Check {}
    }

    /** Whether the reply is no longer needed. */
    public boolean isExpired(Instant now) {
        return !now.isBefore(deadline);
    }

    public static Check check(RpcRequest request) {
        if (INVALID_SEGMENTS.contains(request.getDeviceId())) {
            return new Check.Invalid("the device id cannot be part of a URL");
        }
        if (INVALID_SEGMENTS.contains(request.getWalletId())) {
            return new Check.Invalid("the wallet id cannot be part of a URL");
        }
        try {
            return new Check.Valid(of(request, text(request.getPayload())));
        } catch (CharacterCodingException e) {
            return new Check.Invalid("the payload is not UTF-8");
        }
    }

    private static InvokeRequest of(RpcRequest request, String payload) {
        return new InvokeRequest(
                request.getRequestId(),
                request.getDeviceId(),
                request.getWalletId(),
                request.getTenant(),
                InvokeBody.of(payload),
                SdkMethod.of(payload),
                request.getDeadline());
    }

    private static String text(ByteBuffer utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
    }
}
