package dev.ncwrelay.delivery.http.connection;

import dev.ncwrelay.delivery.limit.Admission;
import dev.ncwrelay.delivery.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * A request that is answered later, without a thread. What runs when its client is gone runs at once where that has
 * happened already; it may also run when the answer has been given, and has nothing to do then.
 */
public final class HeldRequest<T> {

    /** How much longer the container waits than the answer may take. */
    private static final Duration CONTAINER_SLACK = Duration.ofSeconds(15);

    private final DeferredResult<T> result;
    private final AtomicReference<Runnable> onGone = new AtomicReference<>(Mark.NONE);
    private final Optional<ClientConnection> presence;

    /**
     * Begins to watch the client. To be called on the request's own thread.
     *
     * @param maxDuration how long the answer may take
     */
    public HeldRequest(HttpServletRequest request, Duration maxDuration) {
        result = new DeferredResult<>(maxDuration.plus(CONTAINER_SLACK).toMillis());
        result.onCompletion(this::clientGone);
        result.onError(_ -> clientGone());
        result.onTimeout(this::clientGone);
        presence = ClientConnection.watch(request, this::clientGone);
    }

    /** What the controller returns. */
    public DeferredResult<T> result() {
        return result;
    }

    /**
     * Takes it that the request waits.
     *
     * @throws org.springframework.web.ErrorResponseException 429 or 503 when it may not
     */
    public void admit(Admission admission) {
        switch (admission) {
            case Admission.Admitted(var gone) -> onGone(gone);
            case Admission.DeviceFull(int limit) -> throw Problem.tooManyPolls(limit);
            case Admission.NodeFull(int limit) ->
                throw Problem.unavailable("this node's limit of " + limit + " polls is reached");
        }
    }

    /** Runs when the client is gone. */
    public void onGone(Runnable action) {
        if (!onGone.compareAndSet(Mark.NONE, action)) {
            action.run();
        }
    }

    /** True when the client is known to be gone, or can be seen to be. */
    public boolean isGone() {
        return onGone.get() == Mark.GONE
                || presence.map(ClientConnection::isGone).orElse(false);
    }

    public boolean isAnswered() {
        return result.isSetOrExpired();
    }

    /** Answers, unless that was done. */
    public void answer(T answer) {
        result.setResult(answer);
    }

    /** Answers with a problem, unless an answer was given. */
    public void fail(Throwable problem) {
        result.setErrorResult(problem);
    }

    private void clientGone() {
        onGone.getAndSet(Mark.GONE).run();
    }

    private enum Mark implements Runnable {
        NONE,
        GONE;

        @Override
        public void run() {}
    }
}
