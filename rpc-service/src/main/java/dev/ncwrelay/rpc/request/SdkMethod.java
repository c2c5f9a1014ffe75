package dev.ncwrelay.rpc.request;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The method that an SDK's payload names; empty when it names none. The relay reads nothing else of a payload, and this
 * only to decide whether the call is repeatable.
 */
public record SdkMethod(String name) {

    /** The methods that the JavaScript SDK (12.5.6) itself repeats when its message handler fails. */
    private static final Set<String> REPEATED_BY_SDK =
            Set.of("poll_mpc_msg", "broadcast_mpc_msg", "send_mpc_public_keys");

    /** All methods that the JavaScript SDK (12.5.6) sends. */
    private static final Set<String> KNOWN = Set.of(
            "ack_mpc_msg",
            "backup_keys",
            "broadcast_mpc_msg",
            "enroll_player",
            "enter_recovery_state",
            "get_all_keys",
            "get_backed_up_keys",
            "get_backup",
            "get_cloud_cosigner_certificate",
            "get_player_certificate",
            "get_service_certificates",
            "poll_add_device_msg",
            "poll_key_confirmation",
            "poll_mpc_msg",
            "report_event",
            "request_add_device_setup",
            "request_end_user_takeover",
            "request_mpc_add_device",
            "request_mpc_setup",
            "request_provision_add_device_setup",
            "send_client_version",
            "send_mpc_public_keys",
            "stop_mpc_device_setup",
            "stop_mpc_key_setup");

    /** The methods that Fireblocks holds until there is a result. */
    private static final Set<String> LONG_POLLS =
            Set.of("poll_mpc_msg", "poll_add_device_msg", "poll_key_confirmation");

    private static final JsonFactory JSON = new JsonFactory();
    private static final SdkMethod NONE = new SdkMethod("");

    /** Reads the method; a payload that is not exactly one JSON object names none. */
    static SdkMethod of(String payload) {
        try (var parser = JSON.createParser(ObjectReadContext.empty(), payload)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? inObject(parser) : NONE;
        } catch (JacksonException notJson) {
            return NONE;
        }
    }

    /** Whether the call may be made twice without harm: the SDK repeats it, or it only reads. */
    public boolean repeatable() {
        return REPEATED_BY_SDK.contains(name) || name.startsWith("get_");
    }

    /** Whether a late response is normal. */
    public boolean isLongPoll() {
        return LONG_POLLS.contains(name);
    }

    /** The name if it is one of the SDK, for metrics; any other name is {@code other}, because clients choose it. */
    public String label() {
        return KNOWN.contains(name) ? name : "other";
    }

    private static SdkMethod inObject(JsonParser parser) {
        var found = NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean isMethod = parser.currentName().equals("method");
            // JSON.parse takes the last value of a repeated name, and so will Fireblocks.
            if (parser.nextToken() == JsonToken.VALUE_STRING && isMethod) {
                found = new SdkMethod(parser.getString());
            } else if (isMethod) {
                found = NONE;
            }
            parser.skipChildren();
        }
        return parser.nextToken() == null ? found : NONE;
    }
}
