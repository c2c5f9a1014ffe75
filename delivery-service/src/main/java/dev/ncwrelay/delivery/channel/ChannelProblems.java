package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.delivery.channel.kind.ChannelKinds;
import dev.ncwrelay.delivery.problem.Problem;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/** The problems of channels alone. */
final class ChannelProblems {

    private ChannelProblems() {}

    static ErrorResponseException unknownKind(ChannelKinds kinds) {
        return Problem.of(
                HttpStatus.NOT_FOUND,
                "unknown-channel",
                "Kind of channel not known",
                "one of " + String.join(", ", kinds.names()) + " is expected",
                Map.of("kinds", kinds.names()));
    }

    /** @param reason why, and what the operator can change */
    static ErrorResponseException unavailable(String reason) {
        return Problem.of(
                HttpStatus.NOT_IMPLEMENTED, "channel-not-configured", "Channel not configured", reason, Map.of());
    }

    static ErrorResponseException notSubscribed(String deviceId, String kind) {
        var path = "/v1/devices/" + deviceId + "/channels/" + kind;
        return Problem.of(
                HttpStatus.NOT_FOUND,
                "not-subscribed",
                "Channel not subscribed",
                "the device is not subscribed to " + kind + "; subscribe it with PUT " + path,
                Map.of());
    }
}
