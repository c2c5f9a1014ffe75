package dev.ncwrelay.channel.rabbitmq;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionBlockedEvent;
import org.springframework.amqp.rabbit.connection.ConnectionUnblockedEvent;
import org.springframework.context.event.EventListener;

/**
 * The connections on which the broker reads nothing, because it is short of memory or disk space:
 * https://www.rabbitmq.com/docs/connection-blocked.
 */
class BlockedConnections {

    private final Map<Connection, String> reasons = new ConcurrentHashMap<>();

    /** Why the broker reads nothing; empty when it does. */
    Optional<String> reason() {
        reasons.keySet().removeIf(connection -> !connection.isOpen());
        return reasons.values().stream().findFirst();
    }

    @EventListener
    void blocked(ConnectionBlockedEvent event) {
        reasons.put(event.getConnection(), event.getReason());
    }

    @EventListener
    void unblocked(ConnectionUnblockedEvent event) {
        reasons.remove(event.getConnection());
    }
}
