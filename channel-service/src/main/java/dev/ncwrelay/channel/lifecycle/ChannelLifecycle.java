package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import java.util.List;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Starts the kinds of channels after the start-up check, and ends them before the connections that they use are closed. */
final class ChannelLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ChannelLifecycle.class);

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
        // All at once: each waits for what it is doing.
        try (var closing = Executors.newVirtualThreadPerTaskExecutor()) {
            channels.forEach(channel -> closing.execute(() -> close(channel)));
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running;
    }

    private static void close(ChannelRunner channel) {
        try {
            channel.close();
        } catch (RuntimeException e) {
            log.atWarn()
                    .addKeyValue("kind", channel.kind())
                    .addKeyValue("reason", e.toString())
                    .log("channel not closed");
        }
    }

    private synchronized void begin(StartupState state) {
        if (running && state instanceof StartupState.Ready) {
            channels.forEach(ChannelRunner::start);
        }
    }
}
