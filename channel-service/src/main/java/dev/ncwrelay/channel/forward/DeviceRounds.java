package dev.ncwrelay.channel.forward;

import dev.ncwrelay.schemas.ChannelKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Messages in rounds, each with at most one message per subscription. The next message of a device is sent only when the one
 * before is accepted, so that a refused message is never overtaken; the devices of a round are sent together.
 */
final class DeviceRounds {

    private final Map<ChannelKey, Queue<Message>> queues = new LinkedHashMap<>();

    /** @param messages those of a subscription in their order */
    DeviceRounds(Collection<Message> messages) {
        for (var message : messages) {
            queues.computeIfAbsent(message.subscription().key(), _ -> new ArrayDeque<>())
                    .add(message);
        }
    }

    /** The next round; empty when nothing is left. */
    List<Message> next() {
        var round = new ArrayList<Message>(queues.size());
        queues.values().removeIf(queue -> {
            var message = queue.poll();
            if (message != null) {
                round.add(message);
            }
            return message == null;
        });
        return round;
    }

    /** Leaves the remaining messages of a subscription out. */
    void drop(ChannelKey key) {
        queues.remove(key);
    }
}
