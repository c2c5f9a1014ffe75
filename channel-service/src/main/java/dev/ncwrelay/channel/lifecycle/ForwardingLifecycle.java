package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.channel.forward.Forwarding;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/** Starts forwarding after the start-up check, and ends it before the connections that it uses are closed. */
final class ForwardingLifecycle implements SmartLifecycle {

    private final StartupCheck startup;
    private final List<Forwarding> forwardings;
    private boolean running;

    ForwardingLifecycle(StartupCheck startup, List<Forwarding> forwardings) {
        this.startup = startup;
        this.forwardings = forwardings;
    }

    @Override
    public synchronized void start() {
        running = true;
        var _ = startup.outcome().thenAccept(this::begin);
    }

    @Override
    public synchronized void stop() {
        running = false;
        forwardings.forEach(Forwarding::close);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    private synchronized void begin(StartupState state) {
        if (running && state instanceof StartupState.Ready) {
            forwardings.forEach(Forwarding::start);
        }
    }
}
