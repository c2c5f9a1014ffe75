package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;

/** Makes calls. What is to be expected of a network is an outcome, never an exception. */
@FunctionalInterface
public interface Invoker {

    /**
     * Makes the call and waits for what it comes to, at most until the request's deadline.
     *
     * @throws InterruptedException when the service stops; nothing is known about the call then
     */
    CallResult invoke(InvokeRequest request) throws InterruptedException;
}
