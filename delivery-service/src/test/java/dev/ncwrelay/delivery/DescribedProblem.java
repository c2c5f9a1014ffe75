package dev.ncwrelay.delivery;

import java.util.List;

/**
 * A problem that an operation may answer with.
 *
 * @param type the last part of its {@code type}
 * @param detail an example of its {@code detail}
 */
record DescribedProblem(int status, String type, String title, String detail) {

    /** What any request may get, whichever operation it is for. */
    static final List<String> OF_ANY_REQUEST = List.of(
            "bad-request",
            "unauthorized",
            "foreign-origin",
            "request-timeout",
            "body-too-large",
            "uri-too-long",
            "unsupported-media-type",
            "expectation-failed",
            "headers-too-large",
            "not-ready",
            "unavailable",
            "keys-unavailable");

    /** What a request for a device of a user may get besides. */
    static final List<String> OF_A_DEVICE = List.of("foreign-device", "unknown-device");

    static final List<DescribedProblem> ALL = List.of(
            of(400, "bad-request", "The request is not as expected", "wait must be 0 to 50, not 51"),
            of(401, "unauthorized", "No valid token", "a bearer token is expected that is unexpired"),
            of(401, "bad-ticket", "No valid ticket", "a ticket is expected that was given for this device"),
            of(403, "foreign-device", "Not your device", "the token's subject must be the user of the device"),
            of(403, "foreign-origin", "Pages of this origin may not do this", "an allowed origin is expected"),
            of(403, "foreign-tenant", "Not a device of your tenant", "a device of the tenant acme is expected"),
            of(403, "insufficient-scope", "The token's scope does not allow this", "devices:write is needed"),
            of(404, "unknown-device", "No such device", "device d-1 is not registered"),
            of(404, "unknown-message", "No such message", "the id of a message is expected"),
            of(404, "unknown-request", "No such request", "the id of an earlier call is expected"),
            of(404, "unknown-transaction", "No such transaction", "the id of a transaction is expected"),
            of(408, "request-timeout", "The request did not arrive in time", "one sent without pauses is expected"),
            of(409, "superseded", "Another poll took this one's place", "a newer poll of this consumer began"),
            of(409, "too-many-consumers", "Too many consumers of this device", "at most 16 names are kept"),
            of(409, "too-many-single-acks", "Too many single acknowledgements", "acknowledge up to a cursor"),
            of(409, "request-id-in-use", "This Request-Id stands for another request", "a new one is expected"),
            of(410, "position-gone", "Messages after this position may be missing", "go on with after=earliest"),
            of(413, "body-too-large", "The body is too large", "at most 4194304 bytes are expected"),
            of(414, "uri-too-long", "The path and query are too long", "at most 8 KiB are expected"),
            of(415, "unsupported-media-type", "The body is of another type", "application/json is expected"),
            of(417, "expectation-failed", "This expectation cannot be met", "only 100-continue is expected"),
            of(429, "too-fast", "Too many requests of this device", "a client is expected to wait"),
            of(429, "too-many-polls", "Too many polls of this device", "at most 16 polls are held at a time"),
            of(429, "too-many-connections", "Too many connections of this device", "at most 8 are held"),
            of(429, "too-many-calls", "Too many calls of this device", "at most 32 calls may be unanswered"),
            of(429, "too-many-lookups", "Too many lookups of this device", "wait for the earlier ones"),
            of(431, "headers-too-large", "The headers are too large", "at most 8 KiB are expected"),
            of(502, "rpc-failed", "There is no answer from Fireblocks", "Fireblocks refused the call itself"),
            of(503, "not-ready", "Not ready yet", "this node is still reading what it needs"),
            of(503, "unavailable", "Service temporarily unavailable", "this node cannot answer now; try again"),
            of(503, "keys-unavailable", "Tokens cannot be checked just now", "try again"),
            of(503, "rpc-failed", "There is no answer from Fireblocks", "Fireblocks takes no more calls just now"),
            of(504, "rpc-failed", "There is no answer from Fireblocks", "no answer in time"));

    private static DescribedProblem of(int status, String type, String title, String detail) {
        return new DescribedProblem(status, type, title, detail);
    }

    String uri() {
        return "urn:ncw-relay:problem:" + type;
    }
}
