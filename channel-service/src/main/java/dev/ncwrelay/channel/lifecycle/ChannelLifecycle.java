package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import java.util.List;
import org.springframework.context.SmartLifecycle;

/** Starts the kinds of channels after the start-up check, and ends them before the connections that they use are closed. */
final class ChannelLifecycle implements SmartLifecycle {

    private final StartupCheck startup;
    private final List<ChannelRunner> channels;
    private boolean running;

    ChannelLifecycle(StartupCheck startup, List<ChannelRunner> channels) {
        this.startup = startup;
        this.channels = channels;
    }

    @Override
    public synchronized void start() {
        running = true;
        var _ = startup.outcome().thenAccept(this::begin);
    }

    @Override
    public synchronized void stop() {
        running = false;
        channels.forEach(ChannelRunner::close);
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    private synchronized void begin(StartupState state) {
        if (running && state instanceof StartupState.Ready) {
            channels.forEach(ChannelRunner::start);
        }
    }
}
