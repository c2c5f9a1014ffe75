package dev.ncwrelay.rpc.call;

import java.time.Duration;

/**
 * A finished call.
 *
 * @param upstream time spent waiting for Fireblocks, without pauses between attempts
 */
public record CallResult(Outcome outcome, Duration upstream) {}
