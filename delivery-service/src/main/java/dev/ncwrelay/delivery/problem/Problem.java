package dev.ncwrelay.delivery.problem;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** The service's errors. Each has a stable type URI, independent of its text. */
public final class Problem {

    private static final String TYPE = "urn:ncw-relay:problem:";

    private Problem() {}

    /** The request is invalid; {@code expected} says what is expected. */
    public static ErrorResponseException badRequest(String expected) {
        return of(HttpStatus.BAD_REQUEST, "bad-request", "Invalid request", expected, Map.of());
    }

    /** The token is missing, expired or otherwise invalid. */
    public static ErrorResponseException unauthorized() {
        return of(
                HttpStatus.UNAUTHORIZED,
                "unauthorized",
                "Invalid or missing token",
                "an unexpired bearer token of the configured issuer for this audience is expected",
                Map.of());
    }

    public static ErrorResponseException unknownDevice(String deviceId) {
        return of(
                HttpStatus.NOT_FOUND,
                "unknown-device",
                "Device not registered",
                "device " + deviceId + " is not registered; register it with PUT /v1/devices/" + deviceId,
                Map.of());
    }

    public static ErrorResponseException foreignDevice() {
        return of(
                HttpStatus.FORBIDDEN,
                "foreign-device",
                "Device belongs to another user",
                "the token's subject must be the user the device is registered for",
                Map.of());
    }

    /** The device, its wallet or what it is registered for is of a tenant the token is not bound to. */
    public static ErrorResponseException foreignTenant(String expected) {
        return of(HttpStatus.FORBIDDEN, "foreign-tenant", "Device belongs to another tenant", expected, Map.of());
    }

    /** The position is no longer available; the client may continue from {@code earliest}, with a gap. */
    public static ErrorResponseException gone(String reason, String earliest) {
        return of(
                HttpStatus.GONE,
                "position-gone",
                "Position no longer available",
                "continue with after=" + earliest + " and reload the state that the missed messages would have changed",
                Map.of("reason", reason, "earliest", earliest));
    }

    /** The device has reached its limit of held polls. */
    public static ErrorResponseException tooManyPolls(int limit) {
        var problem = of(
                HttpStatus.TOO_MANY_REQUESTS,
                "too-many-polls",
                "Too many polls of this device",
                "at most " + limit + " polls of a device are held at a time",
                Map.of("limit", limit));
        return retryAfter(problem, Duration.ofSeconds(1));
    }

    /** The device exceeds its request rate. */
    public static ErrorResponseException tooFast() {
        var problem = of(
                HttpStatus.TOO_MANY_REQUESTS,
                "too-fast",
                "Too many requests of this device",
                "use long polling (wait or timeout) instead of repeated requests",
                Map.of());
        return retryAfter(problem, Duration.ofSeconds(1));
    }

    /** The device has reached its limit of connections. */
    public static ErrorResponseException tooManyConnections(int limit) {
        var problem = of(
                HttpStatus.TOO_MANY_REQUESTS,
                "too-many-connections",
                "Too many connections of this device",
                "at most " + limit + " connections of a device are held at a time",
                Map.of("limit", limit));
        return retryAfter(problem, Duration.ofSeconds(1));
    }

    /** A dependency is unavailable; retry later. */
    public static ErrorResponseException unavailable(String what) {
        var problem = of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "unavailable",
                "Service temporarily unavailable",
                what + "; retry later",
                Map.of());
        return retryAfter(problem, Duration.ofSeconds(2));
    }

    /** Any other problem. */
    public static ErrorResponseException of(
            HttpStatus status, String name, String title, String detail, Map<String, Object> members) {
        return new ErrorResponseException(status, body(status, name, title, detail, members), null);
    }

    /** The body alone, for where no exception can be thrown. */
    public static ProblemDetail body(
            HttpStatus status, String name, String title, String detail, Map<String, Object> members) {
        var body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setType(URI.create(TYPE + name));
        body.setTitle(title);
        members.forEach(body::setProperty);
        return body;
    }

    /** Adds {@code Retry-After}. */
    public static ErrorResponseException retryAfter(ErrorResponseException problem, Duration after) {
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, Long.toString(after.toSeconds()));
        return problem;
    }
}
