package dev.ncwrelay.testkit.fcm;

import dev.ncwrelay.testkit.http.Bytes;
import java.time.Instant;
import java.util.Map;

/**
 * A message that was sent to the fake.
 *
 * @param token the registration token that it was for
 * @param data what the app receives
 * @param body the whole request, exactly
 * @param accepted false when it was answered with an error
 * @param at when it arrived, by the fake's clock
 */
public record SentMessage(String token, Map<String, String> data, Bytes body, boolean accepted, Instant at) {

    public SentMessage {
        data = Map.copyOf(data);
    }
}
