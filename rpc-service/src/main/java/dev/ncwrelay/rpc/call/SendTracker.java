package dev.ncwrelay.rpc.call;

import okhttp3.Call;
import okhttp3.EventListener;

/** Tracks whether any part of a request may have been sent: a failure before that has no effect at Fireblocks. */
final class SendTracker extends EventListener {

    private volatile boolean sending;

    /** The tracker of a call, which its request carries as a tag. */
    static EventListener of(Call call) {
        var tracker = call.request().tag(SendTracker.class);
        return tracker == null ? EventListener.NONE : tracker;
    }

    boolean isSending() {
        return sending;
    }

    @Override
    public void requestHeadersStart(Call call) {
        sending = true;
    }
}
