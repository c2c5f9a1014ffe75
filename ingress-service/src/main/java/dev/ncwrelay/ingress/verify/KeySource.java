package dev.ncwrelay.ingress.verify;

import java.io.IOException;

/** Source of the published keys: Fireblocks over HTTP, or a test. */
@FunctionalInterface
interface KeySource {

    /**
     * Fetches the keys.
     *
     * @throws IOException when they cannot be fetched, or the response is not a key set
     */
    FetchedKeys fetch() throws IOException, InterruptedException;
}
