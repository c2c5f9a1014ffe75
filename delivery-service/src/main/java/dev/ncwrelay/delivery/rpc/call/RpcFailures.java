package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The failures of calls without a response from Fireblocks. */
public final class RpcFailures {

    private RpcFailures() {}

    public static Failure of(Reply.Refused reply) {
        return new Failure.CallRefused(reply.status());
    }

    public static Failure of(Reply.Failed reply) {
        return new Failure.CallFailed(reply.outcome(), reply.detail());
    }

    /**
     * The failure of a call that has no response.
     *
     * @param reply the call's reply; null when none arrived
     * @param thrown what the call's future failed with; null when it did not fail
     */
    public static Failure of(@Nullable Reply reply, @Nullable Throwable thrown, String requestId) {
        return switch (reply) {
            case Reply.Refused refused -> of(refused);
            case Reply.Failed failed -> of(failed);
            case Reply.Answered _ -> throw new IllegalArgumentException("an answered call is not a failure");
            case null ->
                Optional.ofNullable(thrown)
                        .flatMap(cause -> of(cause, requestId))
                        .orElseGet(() -> new Failure.Unavailable("the call could not be made"));
        };
    }

    /** The failure that a call's future ended with; empty for a defect of this service. */
    public static Optional<Failure> of(Throwable thrown, String requestId) {
        return FailureException.rootOf(thrown) instanceof TimeoutException
                ? Optional.of(new Failure.NoReply(requestId))
                : FailureException.of(thrown);
    }
}
