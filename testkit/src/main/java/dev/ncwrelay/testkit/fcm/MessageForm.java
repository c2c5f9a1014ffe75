package dev.ncwrelay.testkit.fcm;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of a data message to one token, as in https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages. Strict:
 * members that the API has and the relay has no use for, such as a notification, are refused like unknown ones.
 */
final class MessageForm {

    /** https://firebase.google.com/docs/cloud-messaging/error-codes: at most 4,096 bytes of keys and values. */
    private static final int MAX_DATA_BYTES = 4_096;

    /** https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns. */
    private static final int MAX_COLLAPSE_ID_BYTES = 64;

    private static final Pattern DURATION = Pattern.compile("\\d{1,7}(\\.\\d{1,9})?s");
    private static final long MAX_TTL_SECONDS = 2_419_200;

    /** RFC 8030, section 5.4. */
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    private static final Pattern DIGITS = Pattern.compile("\\d{1,12}");

    private MessageForm() {}

    /** The message in a request body. */
    static JsonNode parse(byte[] body) {
        JsonNode request;
        try {
            request = JsonMapper.shared().readTree(body);
        } catch (JacksonException e) {
            throw new InvalidMessageException("", "Invalid JSON payload received.");
        }
        members(request, "", Set.of("message"));
        var message = request.path("message");
        members(message, "message", Set.of("token", "data", "android", "apns", "webpush"));
        require(message.has("token"), "message", "Recipient of the message is not set.");
        text(message, "message", "token", token -> !token.isBlank());
        data(message.path("data"));
        if (message.has("android")) {
            android(message.path("android"));
        }
        if (message.has("apns")) {
            apns(message.path("apns"));
        }
        if (message.has("webpush")) {
            webpush(message.path("webpush"));
        }
        return message;
    }

    static Map<String, String> data(JsonNode data) {
        var values = new LinkedHashMap<String, String>();
        int bytes = 0;
        for (var entry : data.properties()) {
            var key = entry.getKey();
            var path = "message.data[" + key + "]";
            require(entry.getValue().isString(), path, "Invalid value (TYPE_STRING)");
            require(
                    !key.equals("from")
                            && !key.equals("message_type")
                            && !key.startsWith("google")
                            && !key.startsWith("gcm"),
                    path,
                    "Invalid data payload key: " + key);
            var value = entry.getValue().asString();
            bytes += key.getBytes(StandardCharsets.UTF_8).length + value.getBytes(StandardCharsets.UTF_8).length;
            values.put(key, value);
        }
        require(bytes <= MAX_DATA_BYTES, "message.data", "Message is too big");
        return values;
    }

    private static void android(JsonNode android) {
        var path = "message.android";
        members(android, path, Set.of("collapse_key", "priority", "ttl"));
        text(android, path, "collapse_key", key -> !key.isEmpty());
        text(android, path, "priority", Set.of("normal", "high")::contains);
        text(android, path, "ttl", MessageForm::isTtl);
    }

    private static void apns(JsonNode apns) {
        members(apns, "message.apns", Set.of("headers", "payload"));
        var headers = apns.path("headers");
        var path = "message.apns.headers";
        members(headers, path, Set.of("apns-push-type", "apns-priority", "apns-expiration", "apns-collapse-id"));
        // Apple refuses a background notification of priority 10.
        text(headers, path, "apns-push-type", "background"::equals);
        text(headers, path, "apns-priority", "5"::equals);
        text(headers, path, "apns-expiration", DIGITS.asMatchPredicate());
        text(
                headers,
                path,
                "apns-collapse-id",
                id -> !id.isEmpty() && id.getBytes(StandardCharsets.UTF_8).length <= MAX_COLLAPSE_ID_BYTES);
        members(apns.path("payload"), "message.apns.payload", Set.of("aps"));
        var aps = apns.path("payload").path("aps");
        members(aps, "message.apns.payload.aps", Set.of("content-available"));
        require(
                aps.path("content-available").isInt()
                        && aps.path("content-available").asInt() == 1,
                "message.apns.payload.aps",
                "content-available must be 1");
    }

    private static void webpush(JsonNode webpush) {
        members(webpush, "message.webpush", Set.of("headers"));
        var headers = webpush.path("headers");
        var path = "message.webpush.headers";
        members(headers, path, Set.of("TTL", "Urgency", "Topic"));
        text(headers, path, "TTL", DIGITS.asMatchPredicate());
        text(headers, path, "Urgency", Set.of("very-low", "low", "normal", "high")::contains);
        text(headers, path, "Topic", TOPIC.asMatchPredicate());
    }

    private static boolean isTtl(String text) {
        return DURATION.matcher(text).matches()
                && Double.parseDouble(text.substring(0, text.length() - 1)) <= MAX_TTL_SECONDS;
    }

    /** None but these members. */
    private static void members(JsonNode object, String path, Set<String> names) {
        require(object.isObject(), path, "an object with " + names + " is expected");
        for (var name : object.propertyNames()) {
            require(
                    names.contains(name),
                    path,
                    "Invalid JSON payload received. Unknown name \"" + name + "\" at '" + path
                            + "': Cannot find field.");
        }
    }

    private static void text(JsonNode object, String path, String name, Predicate<String> valid) {
        var value = object.path(name);
        require(
                value.isMissingNode() || (value.isString() && valid.test(value.asString())),
                path + "." + name,
                "Invalid value at '" + path + "." + name + "'");
    }

    private static void require(boolean holds, String field, String problem) {
        if (!holds) {
            throw new InvalidMessageException(field, problem);
        }
    }
}
