package dev.ncwrelay.rpc.request;

import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The method that an SDK's payload names; empty when it names none. The relay looks at nothing else in a payload, and
 * at this only to know whether the call may be made twice.
 */
public record SdkMethod(String name) {

    /** Those that the JavaScript SDK (12.5.6) itself repeats when its message handler fails. */
    private static final Set<String> REPEATED_BY_SDK =
            Set.of("poll_mpc_msg", "broadcast_mpc_msg", "send_mpc_public_keys");

    /** All that the JavaScript SDK (12.5.6) sends. */
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

    /** Those that Fireblocks holds until there is something to say. */
    private static final Set<String> LONG_POLLS =
            Set.of("poll_mpc_msg", "poll_add_device_msg", "poll_key_confirmation");

    private static final JsonFactory JSON = new JsonFactory();
    private static final SdkMethod NONE = new SdkMethod("");

    /** Reads the method; what is not a JSON object to its very end names none. */
    static SdkMethod of(String payload) {
        try (var parser = JSON.createParser(ObjectReadContext.empty(), payload)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? inObject(parser) : NONE;
        } catch (JacksonException notJson) {
            return NONE;
        }
    }

    /** Whether a call that may have been executed may be made again: the SDK repeats it, or it only reads. */
    public boolean repeatable() {
        return REPEATED_BY_SDK.contains(name) || name.startsWith("get_");
    }

    /** Whether the answer may take long without anything being wrong. */
    public boolean isLongPoll() {
        return LONG_POLLS.contains(name);
    }

    /** The name where it is one of the SDK's, for metrics: what clients may invent is {@code other}. */
    public String label() {
        return KNOWN.contains(name) ? name : "other";
    }

    private static SdkMethod inObject(JsonParser parser) {
        var found = NONE;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean isMethod = parser.currentName().equals("method");
            // Of a name that comes twice JSON.parse takes the last, and so will Fireblocks.
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
