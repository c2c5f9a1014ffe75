package dev.ncwrelay.e2e;

import java.net.URI;

/** What an {@link App} needs of a running relay: the devices' API, and tokens for it. */
interface Backend {

    /** Base URL of delivery-service, or of the load balancer in front of it. */
    URI delivery();

    /** A token of the issuer, with scopes separated by blanks. */
    String token(String subject, String scopes);
}
