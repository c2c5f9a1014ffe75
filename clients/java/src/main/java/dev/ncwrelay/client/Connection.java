package dev.ncwrelay.client;

import java.time.Duration;

/** Follows the stream from the inbox's position until one connection ends. */
@FunctionalInterface
interface Connection {

    /**
     * Returns when it ended as the protocol provides: how long to wait before the next one.
     *
     * @throws RelayException in all other cases
     * @throws PathFaultException when another transport may work here
     */
    Duration follow(Link link) throws InterruptedException, PathFaultException;
}
