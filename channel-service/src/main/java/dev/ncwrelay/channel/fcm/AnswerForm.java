package dev.ncwrelay.channel.fcm;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of FCM's answers: https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send, and
 * https://cloud.google.com/apis/design/errors#http_mapping for errors.
 */
final class AnswerForm {

    private static final int MULTIPLE_CHOICES = 300;

    private AnswerForm() {}

    /** Whether the answer is complete and FCM's, not that of a proxy. */
    static boolean isOfFcm(int status, byte[] body) {
        try {
            var answer = JsonMapper.shared().readTree(body);
            return status < MULTIPLE_CHOICES ? answer.path("name").isString() : isError(answer.path("error"));
        } catch (JacksonException e) {
            return false;
        }
    }

    private static boolean isError(JsonNode error) {
        var details = error.path("details");
        return error.isObject() && (details.isMissingNode() || details.isArray());
    }
}
