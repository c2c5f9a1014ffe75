package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.keys.JwksEndpoint;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.keys.SigningKeys;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rotates the keys that sign webhooks, and makes the endpoint of the key set fail or stall. */
final class KeyControl {
    private final SigningKeys keys;
    private final JwksEndpoint jwks;

    KeyControl(SigningKeys keys, JwksEndpoint jwks) {
        this.keys = keys;
        this.jwks = jwks;
    }

    /** What the key set's address does: serve, stall, or fail with a status (503 unless said). */
    private record SetJwksRequest(
            @Nullable JwksMode mode, @Nullable Integer status) {}

    private enum JwksMode {
        SERVE,
        STALL,
        FAIL
    }

    List<Route> routes() {
        return List.of(
                Control.route("GET", "/simulator/keys", _ -> show()),
                Control.route("POST", "/simulator/keys", _ -> rotate()),
                Control.route("DELETE", "/simulator/keys/{kid}", this::withdraw),
                Control.route("POST", "/simulator/jwks", this::disturb));
    }

    private Answer show() {
        return Answer.json(
                200,
                Map.of(
                        "signing", keys.current().kid(),
                        "published",
                                keys.published().stream().map(SigningKey::kid).toList(),
                        "jwksRequests", jwks.requests()));
    }

    private Answer rotate() {
        keys.rotate();
        return show();
    }

    private Answer withdraw(Received received) {
        try {
            keys.withdraw(received.variable("kid"));
        } catch (IllegalArgumentException unknown) {
            return Answer.problem(404, "unknown-key", "No such key", String.valueOf(unknown.getMessage()));
        }
        return show();
    }

    private Answer disturb(Received received) {
        var request = Control.request(SetJwksRequest.class, received);
        switch (request.mode()) {
            case null -> throw new InvalidRequestException("mode is expected: serve, stall or fail");
            case SERVE -> jwks.recover();
            case STALL -> jwks.stall();
            case FAIL -> jwks.fail(status(request));
        }
        return Control.noContent();
    }

    private static int status(SetJwksRequest request) {
        var status = request.status() == null ? 503 : request.status();
        if (status < 200 || status > 599) {
            throw new InvalidRequestException("status must be 200 to 599, not " + status);
        }
        return status;
    }
}
