package dev.ncwrelay.rpc.credentials;

import java.net.URI;

/** Fireblocks regions and their API addresses (Fireblocks' page on signing requests lists them). */
public enum Region {
    US("https://api.fireblocks.io"),
    EU("https://eu-api.fireblocks.io"),
    EU2("https://eu2-api.fireblocks.io"),
    SANDBOX("https://sandbox-api.fireblocks.io");

    private final URI api;

    Region(String api) {
        this.api = URI.create(api);
    }

    URI api() {
        return api;
    }
}
