package dev.ncwrelay.ingress.webhook;

import java.util.LinkedHashMap;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Errors as callers see them: problem+json (RFC 9457) with a type that does not change with its text. */
enum Problem {
    UNVERIFIED(401, "unverified-webhook", "Webhook signature not valid"),
    OTHER_WORKSPACE(401, "other-workspace", "Workspace not accepted here"),
    NOT_FOUND(404, "http-404", "Not found"),
    METHOD(405, "http-405", "Method not allowed"),
    INCOMPLETE(408, "incomplete", "Body incomplete"),
    TOO_LARGE(413, "body-too-large", "Body too large"),
    UNAVAILABLE(503, "unavailable", "Service temporarily unavailable");

    static final String MEDIA_TYPE = "application/problem+json";
    private static final String TYPE = "urn:ncw-relay:problem:";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final int status;
    private final String name;
    private final String title;

    Problem(int status, String name, String title) {
        this.status = status;
        this.name = name;
        this.title = title;
    }

    int status() {
        return status;
    }

    String type() {
        return TYPE + name;
    }

    /** Retry-After in seconds. */
    Optional<String> retryAfter() {
        return status == 503 ? Optional.of("5") : Optional.empty();
    }

    byte[] body(String detail) {
        return body(type(), title, status, detail);
    }

    /** A problem of Jetty's, with only a status. */
    static byte[] ofServer(int status, String title) {
        return body(TYPE + "http-" + status, title, status, "not a well-formed HTTP request");
    }

    private static byte[] body(String type, String title, int status, String detail) {
        var body = new LinkedHashMap<String, Object>();
        body.put("type", type);
        body.put("title", title);
        body.put("status", status);
        body.put("detail", detail);
        return JSON.writeValueAsBytes(body);
    }
}
