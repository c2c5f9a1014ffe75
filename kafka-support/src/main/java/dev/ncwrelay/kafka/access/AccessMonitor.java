package dev.ncwrelay.kafka.access;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.thread.CriticalThread;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.AuthenticationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats the {@link AccessCheck} while a service runs, and logs each change. A permission that is taken away is otherwise
 * noticed by the next operation that needs it, which for a dead letter may be months later.
 *
 * <ol>
 *   <li>{@link #refusal} never blocks.
 *   <li>While the brokers do not answer, it stays as it was: outages are reported elsewhere.
 * </ol>
 */
public final class AccessMonitor implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AccessMonitor.class);

    private final KafkaConnection kafka;
    private final KafkaNeeds needs;
    private final Duration interval;
    private final Thread thread;
    private volatile Optional<String> refusal = Optional.empty();

    /** Starts checking on its own thread. */
    public AccessMonitor(KafkaConnection kafka, KafkaNeeds needs) {
        this.kafka = kafka;
        this.needs = needs;
        this.interval = kafka.topics().accessCheckInterval();
        this.thread = CriticalThread.startVirtual("access-monitor", this::run);
    }

    /** What the brokers refuse at present, human-readable; empty for nothing. */
    public Optional<String> refusal() {
        return refusal;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                try (var admin = Admin.create(kafka.admin("access-monitor"))) {
                    check(admin);
                } catch (RuntimeException e) {
                    // The brokers' names do not resolve at present.
                    log.atDebug().addKeyValue("reason", e).log("access not checked");
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(Admin admin) throws InterruptedException {
        while (true) {
            try {
                changeTo(AccessCheck.refusal(admin, needs));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthenticationException) {
                    changeTo(Optional.of("cannot log in: " + e.getCause().getMessage()));
                }
                log.atDebug().addKeyValue("reason", e.getCause()).log("access not checked");
            }
            Thread.sleep(interval);
        }
    }

    private void changeTo(Optional<String> now) {
        if (now.equals(refusal)) {
            return;
        }
        refusal = now;
        now.ifPresentOrElse(
                reason -> log.atError().addKeyValue("reason", reason).log("Kafka refuses access"),
                () -> log.atInfo().log("Kafka grants access again"));
    }
}
