package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.consume.RequestResult.Called;
import dev.ncwrelay.rpc.consume.RequestResult.DeadLettered;
import dev.ncwrelay.rpc.consume.RequestResult.End;
import dev.ncwrelay.rpc.consume.RequestResult.LeftToNextOwner;
import dev.ncwrelay.rpc.consume.RequestResult.Repeated;
import dev.ncwrelay.rpc.consume.RequestResult.Replied;
import dev.ncwrelay.rpc.partition.RecordContext;
import dev.ncwrelay.rpc.partition.RequestDeduplicator.Admission;
import dev.ncwrelay.rpc.reply.ReplyPublisher;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes one record, from its bytes to the acknowledged reply: decode, admit, call, reply. Blocks, so it is called on
 * a thread of its own.
 */
final class RequestHandler {

    private static final Logger log = LoggerFactory.getLogger(RequestHandler.class);

    private final RequestDecoder decoder;
    private final RequestCaller caller;
    private final ReplyPublisher replies;
    private final RequestDeadLetters deadLetters;
    private final RequestMetrics metrics;

    RequestHandler(
            RecordCodec codec,
            Invoker invoker,
            ReplyPublisher replies,
            RequestDeadLetters deadLetters,
            RequestMetrics metrics,
            Clock clock) {
        this.decoder = new RequestDecoder(codec);
        this.deadLetters = deadLetters;
        this.caller = new RequestCaller(invoker, deadLetters, metrics, clock);
        this.replies = replies;
        this.metrics = metrics;
    }

    /** Processes the record, unless it is finished or its partition was reassigned. */
    void handle(ConsumerRecord<String, byte[]> record, RecordContext recordContext) throws InterruptedException {
        process(record, recordContext, context -> {
            var admission = recordContext.admit(context.key());
            return admitted(context, admission, this::callAndReply);
        });
    }

    /** Replies to the record without a call, because its device's limit of waiting requests is reached. */
    void refuse(ConsumerRecord<String, byte[]> record, RecordContext recordContext) throws InterruptedException {
        process(record, recordContext, context -> {
            var admission = recordContext.admitNow(context.key());
            return admitted(context, admission, this::replyWithoutCall);
        });
    }

    /** What is done with a decoded request. */
    @FunctionalInterface
    private interface RequestStep {
        End run(RequestContext context) throws InterruptedException;
    }

    /** What is done with a record. */
    @FunctionalInterface
    private interface RecordStep {
        End run() throws InterruptedException;
    }

    private void process(ConsumerRecord<String, byte[]> record, RecordContext recordContext, RequestStep step)
            throws InterruptedException {
        var end = orDeadLetter(record, recordContext, () -> decodeAnd(step, record, recordContext));
        if (end instanceof DeadLettered) {
            // Finished already, unless it became a dead letter before its admission.
            recordContext.finished();
        }
    }

    private End decodeAnd(RequestStep step, ConsumerRecord<String, byte[]> record, RecordContext recordContext)
            throws InterruptedException {
        return switch (decoder.decode(record, recordContext)) {
            case Decoded.Value<RpcRequest>(var request) -> step.run(new RequestContext(record, recordContext, request));
            case Decoded.Unreadable<RpcRequest>(var reason) -> deadLetters.unreadable(record, recordContext, reason);
            case Decoded.RegistryDown<RpcRequest> _ -> new LeftToNextOwner();
        };
    }

    private End admitted(RequestContext context, Admission admission, RequestStep step) throws InterruptedException {
        return switch (admission) {
            case Admission.First _ -> first(context, step);
            case Admission.Joined _ -> joined();
            case Admission.Answered(var replyOffset) -> republish(context, replyOffset);
        };
    }

    /** A dead letter finishes all records of the request: it will have no reply. */
    private End first(RequestContext context, RequestStep step) throws InterruptedException {
        var end = orDeadLetter(context.record(), context.recordContext(), () -> step.run(context));
        if (end instanceof DeadLettered) {
            context.recordContext().abandoned(context.key());
        }
        return end;
    }

    /** The record is finished together with the one that is being processed. */
    private End joined() {
        metrics.duplicate(RequestMetrics.NO_METHOD);
        return new Repeated();
    }

    /**
     * Publishes the reply again, because the delivery nodes may have evicted it. Not for a record that a previous owner
     * may have processed: its reply is recent.
     */
    private End republish(RequestContext context, long replyOffset) throws InterruptedException {
        var recordContext = context.recordContext();
        metrics.duplicate(RequestMetrics.NO_METHOD);
        if (recordContext.isUncertain()
                || replies.republish(context.key().deviceId(), replyOffset, recordContext::isHeld)) {
            recordContext.finished();
            return new Repeated();
        }
        return new LeftToNextOwner();
    }

    private End callAndReply(RequestContext context) throws InterruptedException {
        var end = reply(context, caller.call(context));
        if (end instanceof Replied(var method, var call)) {
            var total =
                    Duration.ofNanos(System.nanoTime() - context.recordContext().readAt());
            metrics.replied(method, call, total);
            logCompleted(context.request(), method, call, total);
        }
        return end;
    }

    private End replyWithoutCall(RequestContext context) throws InterruptedException {
        var refused = new Outcome.Unreachable("the device's limit of waiting requests is reached", true);
        var result = new Called(RequestMetrics.NO_METHOD, new CallResult(refused, Duration.ZERO));
        var end = reply(context, result);
        if (end instanceof Replied) {
            metrics.deviceLimitReached();
        }
        return end;
    }

    private End reply(RequestContext context, RequestResult result) throws InterruptedException {
        return switch (result) {
            case Called(var method, var call) -> publish(context, method, call);
            case End end -> end;
        };
    }

    /** No reply is sent after the end of the assignment: the next owner replies to the request. */
    private End publish(RequestContext context, String method, CallResult call) throws InterruptedException {
        var recordContext = context.recordContext();
        if (!recordContext.isHeld()) {
            return new LeftToNextOwner();
        }
        var offset = replies.publish(context.request(), context.record().headers(), call, recordContext::isHeld);
        if (offset.isEmpty()) {
            return new LeftToNextOwner();
        }
        recordContext.answered(context.key(), offset.getAsLong());
        return new Replied(method, call);
    }

    /** A defect must not block the partition for ever. */
    private End orDeadLetter(ConsumerRecord<String, byte[]> record, RecordContext recordContext, RecordStep step)
            throws InterruptedException {
        try {
            return step.run();
        } catch (RuntimeException e) {
            return deadLetters.failed(record, recordContext, e);
        }
    }

    private static void logCompleted(RpcRequest request, String method, CallResult call, Duration total) {
        boolean answered = call.outcome() instanceof Outcome.Answered;
        (answered ? log.atDebug() : log.atInfo())
                .addKeyValue("requestId", request.getRequestId())
                .addKeyValue("deviceId", request.getDeviceId())
                .addKeyValue("walletId", request.getWalletId())
                .addKeyValue("method", method)
                .addKeyValue("outcome", call.outcome())
                .addKeyValue("millis", total.toMillis())
                .log("request completed");
    }
}
