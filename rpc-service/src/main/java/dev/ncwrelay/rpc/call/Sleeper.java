package dev.ncwrelay.rpc.call;

import java.time.Duration;

/** Waits between two attempts. */
@FunctionalInterface
interface Sleeper {

    void pause(Duration duration) throws InterruptedException;
}
