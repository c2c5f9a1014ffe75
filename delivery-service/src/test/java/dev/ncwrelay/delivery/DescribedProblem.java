package dev.ncwrelay.delivery;

import java.util.List;

/**
 * A problem that an operation may respond with.
 *
 * @param type the last part of its {@code type}
 * @param detail an example of its {@code detail}
 */
record DescribedProblem(int status, String type, String title, String detail) {

    /** Problems of any request. */
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

    /** Problems of any request for a device. */
    static final List<String> OF_A_DEVICE = List.of("foreign-device", "unknown-device");

    static final List<DescribedProblem> ALL = List.of(
            of(400, "bad-request", "Invalid request", "wait must be 0 to 50, not 51"),
            of(401, "unauthorized", "Invalid or missing token", "an unexpired bearer token is expected"),
            of(401, "bad-ticket", "Invalid or missing ticket", "the ticket must not have been used"),
            of(403, "foreign-device", "Device belongs to another user", "the token's subject must be its user"),
            of(403, "foreign-origin", "Origin not allowed", "an allowed origin is expected"),
            of(403, "foreign-tenant", "Device belongs to another tenant", "a device of tenant acme is expected"),
            of(403, "insufficient-scope", "Insufficient scope", "registering devices needs the scope devices:write"),
            of(404, "unknown-device", "Device not registered", "device d-1 is not registered"),
            of(404, "unknown-message", "Message not found", "no undeleted message of this device has this id"),
            of(404, "unknown-request", "Request not found", "no request of this device has this id"),
            of(404, "unknown-channel", "Kind of channel not known", "one of fcm, kafka, rabbitmq is expected"),
            of(404, "not-subscribed", "Channel not subscribed", "the device is not subscribed to rabbitmq"),
            of(404, "unknown-wallet", "Wallet not found", "a wallet that has a device of this user is expected"),
            of(404, "unknown-passphrase", "Passphrase not found", "no passphrase of this user has this id"),
            of(404, "no-backup", "Backup not found", "no backup of this wallet is known"),
            of(404, "unknown-transaction", "Transaction not found", "no transaction of this device has this id"),
            of(408, "request-timeout", "The request did not arrive in time", "the request was sent too slowly"),
            of(409, "superseded", "Superseded by a newer poll", "use a different name for each reader"),
            of(409, "too-many-subscriptions", "Too many subscriptions", "a device may have at most 10 subscriptions"),
            of(409, "too-many-consumers", "Too many consumers of this device", "at most 16 names are kept"),
            of(409, "too-many-single-acks", "Too many individual acknowledgements", "acknowledge up to a cursor"),
            of(409, "request-id-in-use", "Request-Id already used for another message", "use a new Request-Id"),
            of(409, "other-wallet", "Device belongs to another wallet", "a device that has no wallet yet is expected"),
            of(409, "too-many-devices", "Too many devices of this user", "there must be fewer than 20"),
            of(409, "too-many-passphrases", "Too many passphrases of this user", "at most 20 are kept"),
            of(410, "position-gone", "Position no longer available", "continue with after=AQ"),
            of(413, "body-too-large", "Body too large", "at most 4194304 bytes are expected"),
            of(414, "uri-too-long", "The path and query are too long", "at most 8 KiB are expected"),
            of(415, "unsupported-media-type", "Unsupported media type", "application/json is expected"),
            of(417, "expectation-failed", "Expectation failed", "only 100-continue is expected"),
            of(429, "too-fast", "Too many requests of this device", "use long polling (wait or timeout)"),
            of(429, "too-many-polls", "Too many polls of this device", "at most 16 polls are held at a time"),
            of(429, "too-many-connections", "Too many connections of this device", "at most 8 are held"),
            of(429, "too-many-calls", "Too many calls of this device", "at most 32 calls may be in flight"),
            of(429, "too-many-lookups", "Too many lookups of this user", "wait for one response"),
            of(431, "headers-too-large", "The headers are too large", "at most 8 KiB are expected"),
            of(501, "channel-not-configured", "Channel not configured", "the operator must set its address"),
            of(501, "wallets-not-configured", "No source of wallets configured", "the operator must set its address"),
            of(502, "wallets-failed", "No answer about the wallet", "no usable answer: status 500"),
            of(502, "rpc-failed", "No response from Fireblocks", "Fireblocks rejected the call with status 400"),
            of(503, "not-ready", "Service starting", "this node is still loading its state; retry later"),
            of(503, "unavailable", "Service temporarily unavailable", "this node is not available; retry later"),
            of(503, "keys-unavailable", "Token validation temporarily unavailable", "retry later"),
            of(503, "rpc-failed", "No response from Fireblocks", "Fireblocks rate limit exceeded"),
            of(504, "rpc-failed", "No response from Fireblocks", "no response in time"));

    private static DescribedProblem of(int status, String type, String title, String detail) {
        return new DescribedProblem(status, type, title, detail);
    }

    String uri() {
        return "urn:ncw-relay:problem:" + type;
    }
}
