package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.problem.Problem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;

/** Counts the calls of this node that are not answered yet, and says when there are too many. */
final class InFlightCalls {

    private final int limit;
    private final int deviceLimit;
    private final Map<String, Integer> byDevice = new HashMap<>();
    private int all;

    InFlightCalls(int limit, int deviceLimit) {
        this.limit = limit;
        this.deviceLimit = deviceLimit;
    }

    /** @throws org.springframework.web.ErrorResponseException 429 when the device has too many, 503 when the node has */
    synchronized void add(String deviceId) {
        if (all >= limit) {
            throw Problem.unavailable("this node has as many unanswered calls as it may");
        }
        if (byDevice.getOrDefault(deviceId, 0) >= deviceLimit) {
            var problem = Problem.of(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too-many-calls",
                    "Too many calls of this device",
                    "at most " + deviceLimit + " calls of a device may be unanswered at a time",
                    Map.of("limit", deviceLimit));
            throw Problem.retryAfter(problem, Duration.ofSeconds(1));
        }
        byDevice.merge(deviceId, 1, Integer::sum);
        all++;
    }

    synchronized void remove(String deviceId) {
        byDevice.computeIfPresent(deviceId, (_, count) -> count == 1 ? null : count - 1);
        all--;
    }

    synchronized int all() {
        return all;
    }
}
