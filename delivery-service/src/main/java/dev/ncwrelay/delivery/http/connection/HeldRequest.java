package dev.ncwrelay.delivery.http.connection;

import dev.ncwrelay.delivery.limit.Admission;
import dev.ncwrelay.delivery.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * A request answered asynchronously, without a thread. The disconnect callback runs at most once, immediately if the
 * client is already gone; it may also run after the response, and must have no effect then.
 */
public final class HeldRequest<T> {

    /** How much longer the container waits than the response may take. */
    private static final Duration CONTAINER_SLACK = Duration.ofSeconds(15);

    private final DeferredResult<T> result;
    private final AtomicReference<Runnable> onGone = new AtomicReference<>(Mark.NONE);
    private final Optional<ClientConnection> presence;

    /**
     * Starts to watch the client. To be called on the request's own thread.
     *
     * @param maxDuration how long the response may take
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
     * Applies the result of admitting the wait of this request.
     *
     * @throws org.springframework.web.ErrorResponseException 429 or 503 when it was not admitted
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

    /** True when the client has disconnected; checks the socket. */
    public boolean isGone() {
        return onGone.get() == Mark.GONE
                || presence.map(ClientConnection::isGone).orElse(false);
    }

    public boolean isAnswered() {
        return result.isSetOrExpired();
    }

    /** Completes the request, unless it is completed. */
    public void answer(T answer) {
        result.setResult(answer);
    }

    /** Completes the request with a problem, unless it is completed. */
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
