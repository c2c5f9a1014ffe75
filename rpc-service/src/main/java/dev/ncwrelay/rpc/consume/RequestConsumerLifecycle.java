package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.startup.StartupState;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts reading requests when Kafka and the schema registry are available, and stops before all other beans: it is in
 * the highest phase, the default, so that running calls still have everything they need.
 */
final class RequestConsumerLifecycle implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RequestConsumerLifecycle.class);

    /** Maximum time to release the partitions, make the final commit and leave the group. */
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration CHECK_INTERVAL = Duration.ofMillis(20);

    private final StartupCheck startup;
    private final PollLoop loop;
    private final DeviceDispatcher dispatch;
    private final ExecutorService workers;
    private final Duration grace;
    private final Thread thread;
    private volatile boolean running;

    RequestConsumerLifecycle(
            StartupCheck startup, PollLoop loop, DeviceDispatcher dispatch, ExecutorService workers, Duration grace) {
        this.startup = startup;
        this.loop = loop;
        this.dispatch = dispatch;
        this.workers = workers;
        this.grace = grace;
        this.thread = CriticalThread.unstarted("requests", loop);
    }

    @Override
    public void start() {
        running = true;
        var _ = startup.outcome().thenAccept(this::begin);
    }

    @Override
    public void stop() {
        running = false;
        long until = System.nanoTime() + grace.toNanos();
        loop.close();
        try {
            if (thread.isAlive()) {
                thread.join(LEAVE_TIMEOUT);
            }
            awaitRunning(until);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }

    /** In-flight calls of partitions that were handed over finish here: the next owners wait for their replies. */
    private void awaitRunning(long until) throws InterruptedException {
        int running = dispatch.running();
        log.atInfo().addKeyValue("running", running).log("partitions revoked, finishing in-flight calls");
        while (dispatch.running() > 0 && System.nanoTime() - until < 0) {
            Thread.sleep(CHECK_INTERVAL);
        }
        int left = dispatch.running();
        if (left > 0) {
            log.atWarn().addKeyValue("running", left).log("in-flight calls interrupted after relay.rpc.dispatch.grace");
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void begin(StartupState state) {
        switch (state) {
            case StartupState.Ready _ -> thread.start();
            // RefusedStart ends the process.
            case StartupState.Refused _ -> {}
            case StartupState.Waiting(var cause) ->
                throw new IllegalStateException("not an outcome of the start: " + cause);
        }
    }
}
