package dev.ncwrelay.delivery.rpc.reply;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The result of an RPC request. */
public sealed interface Reply {

    /** Fireblocks responded; the bytes are passed on unchanged. */
    record Answered(ByteBuffer body) implements Reply {}

    /** Fireblocks rejected the call. */
    record Refused(int status, ByteBuffer body) implements Reply {}

    /**
     * No response.
     *
     * @param outcome as reported by rpc-service
     * @param detail why; human-readable
     */
    record Failed(RpcOutcome outcome, String detail) implements Reply {}

    static Reply of(RpcReply reply) {
        var body = Optional.ofNullable(reply.getBody())
                .map(ByteBuffer::asReadOnlyBuffer)
                .orElseGet(() -> ByteBuffer.allocate(0));
        return switch (reply.getOutcome()) {
            case ANSWERED -> new Answered(body);
            case REFUSED -> new Refused(Optional.ofNullable(reply.getStatus()).orElse(0), body);
            case UNREACHABLE, TIMED_OUT, EXPIRED, AMBIGUOUS, UNKNOWN ->
                new Failed(
                        reply.getOutcome(),
                        Optional.ofNullable(reply.getDetail()).orElse(""));
        };
    }

    /** Size in bytes, for limits. */
    default int bytes() {
        return switch (this) {
            case Answered answered -> answered.body().remaining();
            case Refused refused -> refused.body().remaining();
            case Failed failed -> failed.detail().length();
        };
    }
}
