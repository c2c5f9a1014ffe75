package dev.ncwrelay.rpc.call;

import okhttp3.Call;
import okhttp3.EventListener;

/** Knows whether anything of one call's request may have left: before that, a failure has had no effect. */
final class SendTracker extends EventListener {

    private volatile boolean sending;

    /** Wires each call's own watch, carried as the request's tag, into the client. */
    static EventListener of(Call call) {
        var watch = call.request().tag(SendTracker.class);
        return watch == null ? EventListener.NONE : watch;
    }

    boolean isSending() {
        return sending;
    }

    @Override
    public void requestHeadersStart(Call call) {
        sending = true;
    }
}
