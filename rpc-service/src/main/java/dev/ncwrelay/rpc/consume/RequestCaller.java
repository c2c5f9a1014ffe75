package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.call.CallResult;
import dev.ncwrelay.rpc.call.Invoker;
import dev.ncwrelay.rpc.call.Outcome;
import dev.ncwrelay.rpc.consume.RequestResult.Called;
import dev.ncwrelay.rpc.consume.RequestResult.DeadLettered;
import dev.ncwrelay.rpc.consume.RequestResult.LeftToNextOwner;
import dev.ncwrelay.rpc.consume.RequestResult.Repeated;
import dev.ncwrelay.rpc.request.InvokeRequest;
import java.time.Clock;
import java.time.Duration;

/**
 * The call of a request. A method that is not repeatable is called only when no previous owner can have called it, and
 * after Kafka has the mark that it may have been called.
 */
final class RequestCaller {

    private final Invoker invoker;
    private final RequestDeadLetters deadLetters;
    private final RequestMetrics metrics;
    private final Clock clock;

    RequestCaller(Invoker invoker, RequestDeadLetters deadLetters, RequestMetrics metrics, Clock clock) {
        this.invoker = invoker;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
        this.clock = clock;
    }

    RequestResult call(RequestContext context) throws InterruptedException {
        return switch (InvokeRequest.check(context.request())) {
            case InvokeRequest.Check.Invalid(var reason) ->
                called(RequestMetrics.NO_METHOD, new Outcome.Unreachable(reason, true));
            case InvokeRequest.Check.Valid(var request) ->
                request.method().repeatable() ? invoke(context, request) : callOnce(context, request);
        };
    }

    private RequestResult callOnce(RequestContext context, InvokeRequest request) throws InterruptedException {
        var method = request.method().label();
        var recordContext = context.recordContext();
        if (recordContext.awaitInheritedReply(context.key(), Duration.between(clock.instant(), request.deadline()))) {
            metrics.duplicate(method);
            return new Repeated();
        }
        if (recordContext.isUncertain()) {
            return called(
                    method, new Outcome.Ambiguous("another instance may have made the call and left no reply", true));
        }
        if (request.isExpired(clock.instant())) {
            return called(method, new Outcome.Expired());
        }
        return recordContext.beginNonRepeatable() ? invoke(context, request) : new LeftToNextOwner();
    }

    /** A defect in the call is a dead letter, and the client gets a reply all the same. */
    private RequestResult invoke(RequestContext context, InvokeRequest request) throws InterruptedException {
        var method = request.method().label();
        try {
            return new Called(method, invoker.invoke(request));
        } catch (RuntimeException e) {
            var end = deadLetters.failed(context.record(), context.recordContext(), e);
            return end instanceof DeadLettered
                    ? called(method, new Outcome.Ambiguous(RequestDeadLetters.reason(e), true))
                    : end;
        }
    }

    private static Called called(String method, Outcome outcome) {
        return new Called(method, new CallResult(outcome, Duration.ZERO));
    }
}
