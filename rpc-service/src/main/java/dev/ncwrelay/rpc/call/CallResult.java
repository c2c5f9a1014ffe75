package dev.ncwrelay.rpc.call;

import java.time.Duration;

/**
 * A finished call.
 *
 * @param upstream time spent waiting for Fireblocks, pauses between attempts not counted
 */
public record CallResult(Outcome outcome, Duration upstream) {}
