package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.live.LiveStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Ends the held polls and the connections when the service stops: before the web server, which would wait for them, and before Kafka. The
 * highest phase stops first.
 */
final class Drain implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Drain.class);

    private final Waits waits;
    private final LiveStreams live;
    private final ApplicationEventPublisher events;
    private volatile boolean running;

    Drain(Waits waits, LiveStreams live, ApplicationEventPublisher events) {
        this.waits = waits;
        this.live = live;
        this.events = events;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        try {
            waits.close();
            // Those that were busy sending, and close frames on their way.
            live.awaitEnds();
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
