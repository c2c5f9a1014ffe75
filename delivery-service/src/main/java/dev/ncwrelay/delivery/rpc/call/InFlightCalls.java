package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import java.util.HashMap;
import java.util.Map;

/** Limits the in-flight calls per device and node. */
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
     * Counts one more call.
     *
     * @throws FailureException when the device's or the node's limit is reached
     */
    synchronized void add(String deviceId) {
        if (all >= limit) {
            throw new Failure.Unavailable("this node's limit of " + limit + " in-flight calls is reached").exception();
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
