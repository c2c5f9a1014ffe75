package dev.ncwrelay.testkit.webhook;

import dev.ncwrelay.testkit.http.Bytes;
import java.util.List;

/** A webhook with the attempts made so far to deliver it, at least one once it has ended. */
public record Delivery(Bytes body, State state, List<Attempt> attempts) {

    /** Named as in Fireblocks' list of notifications. */
    public enum State {
        IN_PROGRESS,
        COMPLETED,
        FAILED
    }

    public Delivery {
        attempts = List.copyOf(attempts);
    }

    public boolean completed() {
        return state == State.COMPLETED;
    }

    /** The HTTP status of the last attempt; 0 if it got no answer or none was made yet. */
    public int status() {
        return !attempts.isEmpty() && attempts.getLast().result() instanceof Attempt.Result.Answered answered
                ? answered.status()
                : 0;
    }
}
