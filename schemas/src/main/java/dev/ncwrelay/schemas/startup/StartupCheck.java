package dev.ncwrelay.schemas.startup;

import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.kafka.TopicCheck;
import dev.ncwrelay.schemas.kafka.TopicSetup;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.startup.StartupState.Ready;
import dev.ncwrelay.schemas.startup.StartupState.Refused;
import dev.ncwrelay.schemas.startup.StartupState.Waiting;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka for its topics and the registry for the schemas until both have answered. A neighbour that is not there
 * yet never stops a service; one that contradicts the configuration does.
 *
 * <ol>
 *   <li>{@link #state} never blocks and shows the latest cause of waiting.
 *   <li>{@link #outcome} completes once, with Ready or Refused, never with an exception.
 *   <li>After {@link #close} nothing completes any more.
 * </ol>
 */
public final class StartupCheck implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StartupCheck.class);

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final Duration pause;
    private final CompletableFuture<StartupState> outcome = new CompletableFuture<>();
    private final Thread thread;
    private volatile StartupState state = new Waiting("not asked yet");

    /** Starts asking, on a thread of its own, with {@code pause} between two attempts. */
    public StartupCheck(KafkaConnection kafka, RecordCodec codec, Duration pause) {
        this.kafka = kafka;
        this.codec = codec;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name("startup-check").start(this::run);
    }

    public StartupState state() {
        return state;
    }

    public CompletionStage<StartupState> outcome() {
        return outcome.copy();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (state instanceof Waiting) {
                state = ask();
                if (state instanceof Waiting(var cause)) {
                    log.atInfo().addKeyValue("reason", cause).log("waiting for neighbours");
                    Thread.sleep(pause);
                }
            }
            outcome.complete(state);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StartupState ask() throws InterruptedException {
        try (var admin = Admin.create(kafka.admin("startup-check"))) {
            var found = switch (TopicSetup.check(admin, kafka.partitions())) {
                case TopicCheck.Mismatched(var reason) -> new Refused(reason);
                case TopicCheck.Missing(var topics) ->
                    new Waiting("no topic " + String.join(", ", topics) + " on the broker");
                case TopicCheck.Matching() -> new Ready();
            };
            if (found instanceof Ready) {
                codec.warmUp();
            }
            return found;
        } catch (ExecutionException e) {
            return new Waiting("Kafka: " + e.getCause());
        } catch (RuntimeException e) {
            return new Waiting(e.toString());
        }
    }
}
