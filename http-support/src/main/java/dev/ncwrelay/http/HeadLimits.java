package dev.ncwrelay.http;

import java.time.Duration;

/**
 * How long a connection may wait for the head of a request.
 *
 * @param head from the first byte of the head to its last byte
 * @param idle without a byte of the head, after the connection was accepted or the last request was answered
 * @param whenFull the same, also with an incomplete head, while the connection limit is reached
 */
record HeadLimits(Duration head, Duration idle, Duration whenFull) {

    /** Enough for a TLS handshake and a head over a slow network. */
    private static final Duration WHEN_FULL = Duration.ofSeconds(2);

    /** Limits with two seconds while the connection limit is reached. */
    static HeadLimits of(Duration head, Duration idle) {
        return new HeadLimits(head, idle, WHEN_FULL);
    }
}
