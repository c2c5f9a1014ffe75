package dev.ncwrelay.rpc.call;

import dev.ncwrelay.rpc.request.InvokeRequest;
import dev.ncwrelay.rpc.sign.ApiUser;

/** Makes one attempt at a call, in the name of one API user. */
@FunctionalInterface
interface Attempt {

    /**
     * Makes it.
     *
     * @throws InterruptedException when the service stops; nothing is known about the call then
     */
    CallResult invoke(InvokeRequest request, ApiUser user) throws InterruptedException;
}
