package dev.ncwrelay.client;

/** Access tokens of the device's user. Called when there is none yet, and when the relay has refused the last one. */
@FunctionalInterface
public interface TokenSupplier {

    /**
     * A token. May block, up to a time of its own; one call runs at a time.
     *
     * @throws Exception when there is none now: it is called again later, with back-off
     */
    String token() throws Exception;
}
