package dev.ncwrelay.rpc.reply;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.FireblocksResponse;
import dev.ncwrelay.rpc.call.Outcome;
import java.time.Instant;

/** Maps a call's outcome to the Avro record. */
final class ReplyMapper {

    private ReplyMapper() {}

    static RpcReply of(RpcRequest request, CallResult result, Instant completedAt) {
        var reply = RpcReply.newBuilder()
                .setRequestId(request.getRequestId())
                .setDeviceId(request.getDeviceId())
                .setOutcome(RpcOutcome.UNKNOWN)
                .setCompletedAt(completedAt)
                .setUpstreamMillis(result.upstream().toMillis());
        return switch (result.outcome()) {
            case Outcome.Answered(var response) -> with(response, reply.setOutcome(RpcOutcome.ANSWERED));
            case Outcome.Refused(var response) -> with(response, reply.setOutcome(RpcOutcome.REFUSED));
            case Outcome.Unreachable unreachable ->
                reply.setOutcome(RpcOutcome.UNREACHABLE)
                        .setDetail(unreachable.detail())
                        .build();
            case Outcome.NotSigned(var detail) ->
                reply.setOutcome(RpcOutcome.UNREACHABLE).setDetail(detail).build();
            case Outcome.TimedOut(var detail) ->
                reply.setOutcome(RpcOutcome.TIMED_OUT).setDetail(detail).build();
            case Outcome.Expired _ ->
                reply.setOutcome(RpcOutcome.EXPIRED)
                        .setDetail("the deadline passed before the call could be sent")
                        .build();
            case Outcome.Ambiguous ambiguous ->
                reply.setOutcome(RpcOutcome.AMBIGUOUS)
                        .setDetail(ambiguous.detail())
                        .build();
        };
    }

    private static RpcReply with(FireblocksResponse response, RpcReply.Builder reply) {
        return reply.setStatus(response.status())
                .setContentType(response.contentType())
                .setBody(response.body().asByteBuffer())
                .build();
    }
}
