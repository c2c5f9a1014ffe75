package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;

/**
 * Makes a call: one request of a client, in one or more {@link Attempt}s. Failures that are expected of a network are
 * outcomes, not exceptions. {@link CallConfiguration} stacks the implementations.
 */
@FunctionalInterface
public interface Invoker {

    /**
     * Makes the call and waits for its result, at most until the request's deadline.
     *
     * @throws InterruptedException when the service stops; the result of the call is then unknown
     */
    CallResult invoke(InvokeRequest request) throws InterruptedException;
}
