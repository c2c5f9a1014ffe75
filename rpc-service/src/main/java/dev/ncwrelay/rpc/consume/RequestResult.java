package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.call.CallResult;

/** What a step of {@link RequestHandler} results in. */
sealed interface RequestResult {

    /**
     * The call has a result, and the next step publishes it.
     *
     * @param method its label, for logs and metrics
     */
    record Called(String method, CallResult call) implements RequestResult {}

    /** No step follows. */
    sealed interface End extends RequestResult {}

    /**
     * The brokers have acknowledged the reply.
     *
     * @param method its label, for logs and metrics
     */
    record Replied(String method, CallResult call) implements End {}

    /** The reply to another record of the same request is the reply to this one. */
    record Repeated() implements End {}

    /** The record cannot be processed, and the brokers have acknowledged its dead letter. */
    record DeadLettered() implements End {}

    /** The partition is no longer assigned to this instance: the next owner completes the request. */
    record LeftToNextOwner() implements End {}
}
