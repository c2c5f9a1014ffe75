package dev.ncwrelay.rpc.reply;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.FireblocksResponse;
import dev.ncwrelay.rpc.call.Outcome;
import java.time.Instant;

/** Puts an outcome into the words of the log. */
final class ReplyMapper {

    private ReplyMapper() {}

    static RpcReply of(RpcRequest request, CallResult invoked, Instant completedAt) {
        var reply = RpcReply.newBuilder()
                .setRequestId(request.getRequestId())
                .setDeviceId(request.getDeviceId())
                .setOutcome(RpcOutcome.UNKNOWN)
                .setCompletedAt(completedAt)
                .setUpstreamMillis(invoked.upstream().toMillis());
        return switch (invoked.outcome()) {
            case Outcome.Answered(var answer) -> with(answer, reply.setOutcome(RpcOutcome.ANSWERED));
            case Outcome.Refused(var answer) -> with(answer, reply.setOutcome(RpcOutcome.REFUSED));
            case Outcome.Unreachable unreachable ->
                reply.setOutcome(RpcOutcome.UNREACHABLE)
                        .setDetail(unreachable.detail())
                        .build();
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

    private static RpcReply with(FireblocksResponse answer, RpcReply.Builder reply) {
        return reply.setStatus(answer.status())
                .setContentType(answer.contentType())
                .setBody(answer.body().asByteBuffer())
                .build();
    }
}
