package dev.ncwrelay.testkit.webhook;

import java.time.Duration;
import java.time.Instant;

/** One attempt to deliver a webhook. */
public record Attempt(int number, Instant startedAt, Duration took, Result result) {

    /** Result of an attempt; failures have the names of Fireblocks' list of notification attempts. */
    public sealed interface Result {

        /** The receiver answered. */
        record Answered(int status, String body) implements Result {}

        /** No response within the timeout. */
        record TimedOut() implements Result {}

        /** No connection, or one that ended without a response. */
        record NoResponse(String cause) implements Result {}
    }

    /** A 2xx status, which Fireblocks accepts. */
    public boolean delivered() {
        return result instanceof Result.Answered answered && answered.status() / 100 == 2;
    }

    /** Whether Fireblocks retries: only without a response and after 5xx, 408 and 429. */
    public boolean worthRepeating() {
        return switch (result) {
            case Result.Answered answered ->
                answered.status() >= 500 || answered.status() == 408 || answered.status() == 429;
            case Result.TimedOut _ -> true;
            case Result.NoResponse _ -> true;
        };
    }
}
