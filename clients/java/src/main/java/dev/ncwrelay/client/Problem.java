package dev.ncwrelay.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a problem of the relay says, as an HTTP body, an event or a message of a WebSocket has it. */
record Problem(
        String name,
        String detail,
        @Nullable String code,
        @Nullable String reason,
        @Nullable String earliest,
        int upstreamStatus) {

    private static final String PREFIX = "urn:ncw-relay:";

    /** One that has no members. */
    static Problem of(String name, String detail) {
        return new Problem(name, detail, null, null, null, 0);
    }

    /** One with these members, whose type is known. */
    static Problem of(String type, JsonObject members) {
        var name = type.substring(type.lastIndexOf(':') + 1);
        var detail = members.string("detail");
        return new Problem(
                name,
                detail == null ? name : detail,
                members.string("code"),
                members.string("reason"),
                members.string("earliest"),
                members.integer("upstreamStatus", 0));
    }

    RelayException exception(int status, @Nullable Duration retryAfter) {
        return new RelayException(code == null ? name : code, detail, status, this, retryAfter, null);
    }

    /** The error of an HTTP response that is no success. */
    static RelayException of(int status, String body, @Nullable Duration retryAfter) {
        try {
            var members = JsonObject.parse(body);
            var type = members.string("type");
            if (type != null && type.startsWith(PREFIX)) {
                return of(type, members).exception(status, retryAfter);
            }
        } catch (MalformedJsonException proxysPage) {
            // Falls through: the page of a proxy.
        }
        return new RelayException(
                "http-" + status, "status " + status + ", not from the relay", status, null, retryAfter, null);
    }
}
