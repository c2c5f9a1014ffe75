package dev.ncwrelay.testkit.invoke;

import java.time.Instant;

/**
 * A call that was not accepted.
 *
 * @param status the HTTP status it got
 * @param code Fireblocks' error code; 0 for a failure that has none
 * @param message the message in the response
 * @param reason the exact reason, which the response does not contain
 */
public record Refusal(Instant receivedAt, String path, int status, int code, String message, String reason) {}
