package dev.ncwrelay.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Time and chance, which tests replace. */
interface Timing {

    /** Milliseconds of a clock that is never set. */
    long millis();

    /** At random from 0 to below 1. */
    double random();

    /** Waits for that time, or until the future is done. */
    void sleep(Duration time, CompletableFuture<?> end) throws InterruptedException;

    /** How long a wait for something else may last. */
    Duration limit(Duration time);
}
