package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import java.util.HashMap;
import java.util.Map;

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

    /**
     * Counts one more.
     *
     * @throws FailureException when the device or the node has too many
     */
    synchronized void add(String deviceId) {
        if (all >= limit) {
            throw new Failure.Unavailable("this node has its " + limit + " unanswered calls").exception();
        }
        if (byDevice.getOrDefault(deviceId, 0) >= deviceLimit) {
            throw new Failure.TooManyCalls(deviceLimit).exception();
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
