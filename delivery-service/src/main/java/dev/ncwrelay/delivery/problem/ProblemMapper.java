package dev.ncwrelay.delivery.problem;

import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.delivery.failure.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** The HTTP response to each {@link Failure}. */
public final class ProblemMapper {

    private ProblemMapper() {}

    public static ErrorResponseException of(Failure failure) {
        return switch (failure) {
            case Failure.InvalidRequest(var expected) -> Problem.badRequest(expected);
            case Failure.Unavailable(var cause) -> Problem.unavailable(cause);
            case Failure.UnknownDevice(var deviceId) -> Problem.unknownDevice(deviceId);
            case Failure.ForeignDevice() -> Problem.foreignDevice();
            case Failure.PositionGone(var reason, var earliest) -> Problem.gone(reason, earliest);
            case Failure.UnknownMessages(var ids) ->
                Problem.of(
                        HttpStatus.NOT_FOUND,
                        "unknown-message",
                        "Message not found",
                        "ids must be ids of messages of this device that are still available; nothing was acknowledged",
                        Map.of("unknown", ids));
            case Failure.TooManyConsumers(int limit) ->
                Problem.of(
                        HttpStatus.CONFLICT,
                        "too-many-consumers",
                        "Too many consumers of this device",
                        "a device has at most " + limit + " named consumers; use an existing name or the unnamed"
                                + " consumer. Unused names are removed after a while",
                        Map.of("limit", limit));
            case Failure.TooManyIndividualAcks(int limit) ->
                Problem.of(
                        HttpStatus.CONFLICT,
                        "too-many-single-acks",
                        "Too many individual acknowledgements",
                        "at most " + limit + " individually acknowledged messages are kept after the first"
                                + " unacknowledged one; acknowledge up to a cursor with ack",
                        Map.of("limit", limit));
            case Failure.TooManySubscriptions(var kind, int limit) ->
                tooManySubscriptions(
                        limit,
                        "at most " + limit + " devices may be subscribed to " + kind
                                + "; end a subscription that is not needed, or use another way to receive messages");
            case Failure.TooManySubscriptionsOfDevice(var kind, int limit) ->
                tooManySubscriptions(
                        limit,
                        "a device may have at most " + limit + " subscriptions to " + kind
                                + ", of which broken ones make room for others; too few are broken: end one that is not needed"
                                + " with DELETE /v1/devices/{deviceId}/channels/" + kind + "/{name}");
            case Failure.TooManyConnections(int limit) -> Problem.tooManyConnections(limit);
            case Failure.BodyTooLarge(long maxBytes) ->
                Problem.of(
                        HttpStatus.CONTENT_TOO_LARGE,
                        "body-too-large",
                        "Body too large",
                        "at most " + maxBytes + " bytes are expected",
                        Map.of());
            case Failure.BodyTooSlow() ->
                new ErrorResponseException(
                        HttpStatus.REQUEST_TIMEOUT, HttpStatusProblems.of(HttpStatus.REQUEST_TIMEOUT.value()), null);
            case Failure.TooManyCalls(int limit) ->
                afterASecond(Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "too-many-calls",
                        "Too many calls of this device",
                        "at most " + limit + " calls of a device may be in flight",
                        Map.of("limit", limit)));
            case Failure.TooManyLookups() ->
                afterASecond(Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "too-many-lookups",
                        "Too many lookups of this user",
                        "wait for one response before sending the next lookup",
                        Map.of()));
            case Failure.RequestIdInUse() ->
                Problem.of(
                        HttpStatus.CONFLICT,
                        "request-id-in-use",
                        "Request-Id already used for another message",
                        "use a new Request-Id for each message; repeat it only with the same message",
                        Map.of());
            case Failure.UnknownRequest(var memory) ->
                Problem.of(
                        HttpStatus.NOT_FOUND,
                        "unknown-request",
                        "Request not found",
                        "no request of this device in the last " + memory.toMinutes() + " minutes has this id",
                        Map.of());
            case Failure.CallRefused(int status) -> refused(status);
            case Failure.CallFailed(var outcome, var detail) ->
                call(statusOf(outcome), outcome.name(), detail, Map.of());
            case Failure.NoReply(var requestId) ->
                call(
                        HttpStatus.GATEWAY_TIMEOUT,
                        "TIMED_OUT",
                        "no response in time; retry with the same Request-Id, " + requestId
                                + ", to get the response if it arrives later",
                        Map.of());
        };
    }

    private static ErrorResponseException tooManySubscriptions(int limit, String detail) {
        return Problem.of(
                HttpStatus.CONFLICT,
                "too-many-subscriptions",
                "Too many subscriptions",
                detail,
                Map.of("limit", limit));
    }

    private static ErrorResponseException refused(int status) {
        Map<String, Object> members = Map.of("upstreamStatus", status);
        if (status == HttpStatus.TOO_MANY_REQUESTS.value()) {
            return Problem.retryAfter(
                    call(HttpStatus.SERVICE_UNAVAILABLE, "REFUSED", "Fireblocks rate limit exceeded", members),
                    Duration.ofSeconds(5));
        }
        return call(HttpStatus.BAD_GATEWAY, "REFUSED", "Fireblocks rejected the call with status " + status, members);
    }

    private static HttpStatus statusOf(RpcOutcome outcome) {
        return switch (outcome) {
            case EXPIRED, TIMED_OUT -> HttpStatus.GATEWAY_TIMEOUT;
            case UNREACHABLE, AMBIGUOUS, UNKNOWN, ANSWERED, REFUSED -> HttpStatus.BAD_GATEWAY;
        };
    }

    private static ErrorResponseException call(
            HttpStatus status, String code, String detail, Map<String, Object> members) {
        var all = new HashMap<>(members);
        all.put("code", code);
        return Problem.of(status, "rpc-failed", "No response from Fireblocks", detail, all);
    }

    private static ErrorResponseException afterASecond(ErrorResponseException problem) {
        return Problem.retryAfter(problem, Duration.ofSeconds(1));
    }
}
