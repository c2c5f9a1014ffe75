package dev.ncwrelay.ingress.verify;

import java.io.IOException;

/** Where the published keys come from: Fireblocks over HTTP, or a test. */
@FunctionalInterface
interface KeySource {

    /**
     * Fetches them now.
     *
     * @throws IOException when they cannot be fetched, or what comes is no key set
     */
    FetchedKeys fetch() throws IOException, InterruptedException;
}
