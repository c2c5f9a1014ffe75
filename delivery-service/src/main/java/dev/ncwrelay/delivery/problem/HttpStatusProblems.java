package dev.ncwrelay.delivery.problem;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The problems of the server and the framework, outside of an operation: one per status. */
public final class HttpStatusProblems {

    private HttpStatusProblems() {}

    /** The problem of this status; that of 400 for any other status. */
    public static ProblemDetail of(int code) {
        var status = HttpStatus.resolve(code);
        return switch (status == null ? HttpStatus.BAD_REQUEST : status) {
            case UNAUTHORIZED ->
                body(HttpStatus.UNAUTHORIZED, "unauthorized", "Invalid or missing token", "a bearer token is expected");
            case FORBIDDEN ->
                body(HttpStatus.FORBIDDEN, "forbidden", "Not allowed", "the caller may not send this request");
            case NOT_FOUND ->
                body(HttpStatus.NOT_FOUND, "not-found", "Not found", "a path of the API description is expected");
            case METHOD_NOT_ALLOWED ->
                body(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        "method-not-allowed",
                        "Method not allowed",
                        "a method of the header Allow is expected");
            case REQUEST_TIMEOUT ->
                body(
                        HttpStatus.REQUEST_TIMEOUT,
                        "request-timeout",
                        "The request did not arrive in time",
                        "the request was sent too slowly");
            case CONTENT_TOO_LARGE ->
                body(HttpStatus.CONTENT_TOO_LARGE, "body-too-large", "Body too large", "a smaller body is expected");
            case URI_TOO_LONG ->
                body(
                        HttpStatus.URI_TOO_LONG,
                        "uri-too-long",
                        "The path and query are too long",
                        "a request line and headers of at most 8 KiB together are expected");
            case UNSUPPORTED_MEDIA_TYPE ->
                body(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "unsupported-media-type",
                        "Unsupported media type",
                        "a body of type application/json without a content coding is expected");
            case EXPECTATION_FAILED ->
                body(
                        HttpStatus.EXPECTATION_FAILED,
                        "expectation-failed",
                        "Expectation failed",
                        "no Expect header but 100-continue is expected");
            case UPGRADE_REQUIRED ->
                body(
                        HttpStatus.UPGRADE_REQUIRED,
                        "upgrade-required",
                        "Upgrade required",
                        "HTTP/1.1 is expected, and version 13 of WebSocket");
            case REQUEST_HEADER_FIELDS_TOO_LARGE ->
                body(
                        HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                        "headers-too-large",
                        "The headers are too large",
                        "a request line and headers of at most 8 KiB together are expected");
            case SERVICE_UNAVAILABLE ->
                body(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "unavailable",
                        "Service temporarily unavailable",
                        "this node is not available; retry later");
            case INTERNAL_SERVER_ERROR ->
                body(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error", "see the log of this service");
            default ->
                body(
                        HttpStatus.BAD_REQUEST,
                        "bad-request",
                        "Invalid request",
                        "an HTTP/1.1 request with a well-formed request line, headers and body is expected");
        };
    }

    private static ProblemDetail body(HttpStatus status, String name, String title, String detail) {
        return Problem.body(status, name, title, detail, Map.of());
    }
}
