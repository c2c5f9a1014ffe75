package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.credentials.ApiUser;
import dev.ncwrelay.rpc.request.InvokeRequest;

/**
 * Makes one attempt at a call, as one API user. An interface of its own beside {@link Invoker}: a call begins without a
 * user, {@link FailoverInvoker} chooses one for each attempt, and an attempt without a user cannot be signed.
 */
@FunctionalInterface
interface Attempt {

    /**
     * Makes the attempt and waits for its result.
     *
     * @throws InterruptedException when the service stops; the result of the attempt is then unknown
     */
    CallResult invoke(InvokeRequest request, ApiUser user) throws InterruptedException;
}
