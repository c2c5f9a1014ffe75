package dev.ncwrelay.channel.forward;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/**
 * Messages in rounds, each with at most one message per key: a device or its subscription. The next message of a key is sent
 * only when the one before is accepted, so that a refused message is never overtaken; those of a round are sent together.
 */
public final class DeviceRounds<K, M> {

    private final Map<K, Queue<M>> queues = new LinkedHashMap<>();

    /** @param messages those of a key in their order */
    public DeviceRounds(Collection<M> messages, Function<M, K> keyOf) {
        for (var message : messages) {
            queues.computeIfAbsent(keyOf.apply(message), _ -> new ArrayDeque<>())
                    .add(message);
        }
    }

    /** The next round; empty when nothing is left. */
    public List<M> next() {
        var round = new ArrayList<M>(queues.size());
        queues.values().removeIf(queue -> {
            var message = queue.poll();
            if (message != null) {
                round.add(message);
            }
            return message == null;
        });
        return round;
    }

    /** Leaves the remaining messages of a key out. */
    void drop(K key) {
        queues.remove(key);
    }
}
