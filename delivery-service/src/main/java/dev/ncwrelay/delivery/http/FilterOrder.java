package dev.ncwrelay.delivery.http;

import org.springframework.core.Ordered;

/** The order of this service's filters, outermost first; all of them come before Spring Security's. */
public final class FilterOrder {

    /** Around all filters that reject requests: reads the rest of a rejected body. */
    static final int LINGER = Ordered.HIGHEST_PRECEDENCE;

    /** While the node stops, every response closes its connection, also the response to a rejected request. */
    public static final int DRAIN = LINGER + 1;

    /** Removes the attributes that other filters set on the request of an open stream. */
    public static final int STREAM_ATTRIBUTES = DRAIN + 1;

    /**
     * Before all others that reject requests: pages can read a response only with CORS headers, and a preflight needs
     * no ready node.
     */
    public static final int ORIGINS = STREAM_ATTRIBUTES + 1;

    public static final int GATE = ORIGINS + 1;

    /** Before anything reads a parameter. */
    static final int CHECK = GATE + 1;

    /** Before anything reads a body. */
    static final int BODIES = CHECK + 1;

    /** Before access is decided by the path. */
    public static final int TRAILING_SLASH = BODIES + 1;

    private FilterOrder() {}
}
