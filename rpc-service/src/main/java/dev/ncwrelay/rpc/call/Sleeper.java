package dev.ncwrelay.rpc.call;

import java.time.Duration;

/** Waits for a duration. */
@FunctionalInterface
interface Sleeper {

    void sleep(Duration duration) throws InterruptedException;
}
