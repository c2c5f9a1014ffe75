package dev.ncwrelay.client;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What all streams and calls of one client share.
 *
 * @param closed done when the client is closed
 */
record ClientContext(
        Http http,
        @Nullable String consumer,
        TransportChoice choice,
        Network network,
        Timing timing,
        CompletableFuture<Void> closed) {}
