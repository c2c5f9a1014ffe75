package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.schemas.startup.StartupCheck;
import dev.ncwrelay.schemas.startup.StartupState;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Begins reading requests when the neighbours are there, and ends it before anything else of the service ends: in the
 * highest phase, the default, so that running calls still find everything they need.
 */
final class RequestIntake implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RequestIntake.class);

    /** Beyond the grace: the last commit and leaving the group. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final StartupCheck startup;
    private final RequestLoop loop;
    private final ExecutorService workers;
    private final Duration grace;
    private final Runnable exit;
    private final Thread thread;
    private volatile boolean running;

    /** @param exit ends the process, because its configuration contradicts the broker */
    RequestIntake(StartupCheck startup, RequestLoop loop, ExecutorService workers, Duration grace, Runnable exit) {
        this.startup = startup;
        this.loop = loop;
        this.workers = workers;
        this.grace = grace;
        this.exit = exit;
        this.thread = Thread.ofPlatform().name("requests").unstarted(loop);
    }

    @Override
    public void start() {
        running = true;
        var _ = startup.outcome().thenAccept(this::begin);
    }

    @Override
    public void stop() {
        running = false;
        loop.close();
        try {
            if (thread.isAlive()) {
                thread.join(grace.plus(LAST_WORDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Whatever has outlived the grace is for the next owner of its partition.
        workers.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void begin(StartupState state) {
        switch (state) {
            case StartupState.Ready _ -> thread.start();
            case StartupState.Refused(var reason) -> {
                log.atError().addKeyValue("reason", reason).log("refusing to start");
                exit.run();
            }
            case StartupState.Waiting(var cause) -> throw new IllegalStateException("no outcome: " + cause);
        }
    }
}
