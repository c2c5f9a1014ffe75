package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.http.connection.ClientConnectors;
import dev.ncwrelay.delivery.messages.subscription.Subscriptions;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Ends held polls and connections when the service stops: before the web server, which would wait for them, and before
 * Kafka. The highest phase stops first. Connections are accepted until the drain time is over, so that a load balancer
 * has time to notice; a poll that arrives meanwhile is held, so that clients do not poll in a tight loop.
 */
final class ShutdownDrain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ShutdownDrain.class);

    private final WaitRegistry waits;
    private final Subscriptions subscriptions;
    private final ApplicationEventPublisher events;
    private final ClientConnectors connectors;
    private volatile boolean running;
    private volatile boolean draining;

    ShutdownDrain(
            WaitRegistry waits,
            Subscriptions subscriptions,
            ClientConnectors connectors,
            ApplicationEventPublisher events) {
        this.waits = waits;
        this.subscriptions = subscriptions;
        this.connectors = connectors;
        this.events = events;
    }

    /** True from the moment that the service is asked to stop. */
    boolean isDraining() {
        return draining;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        draining = true;
        try {
            waits.drain();
            connectors.close();
            waits.close();
            // Waits for subscriptions that were sending, and for close frames in transit.
            subscriptions.awaitClosed();
            log.atInfo().log("waits drained");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
