package dev.ncwrelay.testkit.fcm;

import dev.ncwrelay.testkit.http.Answer;
import java.util.List;
import java.util.Map;

/**
 * The errors that FCM answers, with the status of each as in https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
 * and the form of https://firebase.google.com/docs/cloud-messaging/error-codes.
 */
public enum FcmError {
    INVALID_ARGUMENT(400, "INVALID_ARGUMENT", "The registration token is not a valid FCM registration token"),
    UNREGISTERED(404, "NOT_FOUND", "Requested entity was not found."),
    SENDER_ID_MISMATCH(403, "PERMISSION_DENIED", "SenderId mismatch"),
    QUOTA_EXCEEDED(429, "RESOURCE_EXHAUSTED", "Quota exceeded."),
    UNAVAILABLE(503, "UNAVAILABLE", "The service is currently unavailable."),
    INTERNAL(500, "INTERNAL", "Internal error encountered."),
    THIRD_PARTY_AUTH_ERROR(401, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service");

    private static final String TYPE = "type.googleapis.com/google.firebase.fcm.v1.FcmError";

    private final int code;
    private final String status;
    private final String message;

    FcmError(int code, String status, String message) {
        this.code = code;
        this.status = status;
        this.message = message;
    }

    /** The answer; a header such as {@code Retry-After} can be added. */
    public Answer.Reply answer() {
        return answer(code, status, message, List.of(Map.of("@type", TYPE, "errorCode", name())));
    }

    /** An error of Google's APIs in general: https://cloud.google.com/apis/design/errors. */
    static Answer.Reply answer(int code, String status, String message, List<Map<String, Object>> details) {
        return Answer.json(
                code, Map.of("error", Map.of("code", code, "message", message, "status", status, "details", details)));
    }

    /** A request that is not of the API's form. */
    static Answer.Reply badRequest(String field, String problem) {
        var violation = Map.of("field", field, "description", problem);
        return answer(
                400,
                "INVALID_ARGUMENT",
                problem,
                List.of(Map.of(
                        "@type", "type.googleapis.com/google.rpc.BadRequest", "fieldViolations", List.of(violation))));
    }
}
