package dev.ncwrelay.kafka.startup;

import dev.ncwrelay.kafka.connection.ClientSettingsCheck;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.startup.StartupState.Ready;
import dev.ncwrelay.kafka.startup.StartupState.Refused;
import dev.ncwrelay.kafka.startup.StartupState.Waiting;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.kafka.topic.TopicCheck;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.kafka.topic.TopicRequirement;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the topics in Kafka and the schemas in the registry until both are available. Unavailable dependencies are waited
 * for; a broker that contradicts the configuration refuses the start.
 *
 * <ol>
 *   <li>{@link #state} never blocks and has the latest cause of waiting.
 *   <li>{@link #outcome} completes once, with Ready or Refused, never with an exception.
 *   <li>After {@link #close}, {@link #outcome} no longer completes.
 * </ol>
 */
public final class StartupCheck implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StartupCheck.class);

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final Duration pause;
    private final Function<Map<String, TopicDescription>, List<TopicRequirement>> serviceTopics;
    private final CompletableFuture<StartupState> outcome = new CompletableFuture<>();
    private final Thread thread;
    private boolean warned;
    private volatile StartupState state = new Waiting("not checked yet");

    /** Starts checking on its own thread, with {@code pause} between two attempts. */
    public StartupCheck(KafkaConnection kafka, RecordCodec codec, Duration pause) {
        this(kafka, codec, pause, _ -> List.of());
    }

    /** For a service with further topics, which it creates itself: see {@link TopicProvisioning#check}. */
    public StartupCheck(
            KafkaConnection kafka,
            RecordCodec codec,
            Duration pause,
            Function<Map<String, TopicDescription>, List<TopicRequirement>> serviceTopics) {
        this.serviceTopics = serviceTopics;
        this.kafka = kafka;
        this.codec = codec;
        this.pause = pause;
        this.thread = CriticalThread.startVirtual("startup-check", this::run);
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
                state = checkOnce();
                if (state instanceof Waiting(var cause)) {
                    log.atInfo().addKeyValue("reason", cause).log("waiting for Kafka or the schema registry");
                    Thread.sleep(pause);
                }
            }
            outcome.complete(state);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StartupState undurable(String faults) {
        if (!kafka.developmentBroker()) {
            return new Refused("Kafka may lose records: " + faults + ". Configure the topics as expected, or set"
                    + " relay.kafka.development-broker=true if data loss is acceptable");
        }
        // Once, however many attempts follow.
        if (!warned) {
            warned = true;
            log.atWarn().addKeyValue("reason", faults).log("development broker may lose records");
        }
        return new Ready();
    }

    private StartupState checkOnce() throws InterruptedException {
        var fault = ClientSettingsCheck.invalidSetting(kafka);
        if (fault.isPresent()) {
            return new Refused(fault.get());
        }
        try (var admin = Admin.create(kafka.admin("startup-check"))) {
            var found = switch (TopicProvisioning.check(admin, kafka, serviceTopics)) {
                case TopicCheck.Mismatched(var reason) -> new Refused(reason);
                case TopicCheck.Undurable(var faults) -> undurable(String.join("; ", faults));
                case TopicCheck.Missing(var topics) -> new Waiting("missing topics: " + String.join(", ", topics));
                case TopicCheck.Matching() -> new Ready();
            };
            if (found instanceof Ready) {
                codec.warmUp();
            }
            return found;
        } catch (ExecutionException e) {
            return new Waiting("Kafka: " + e.getCause());
        } catch (RuntimeException e) {
            return new Waiting(ClientSettingsCheck.unresolved(e, kafka).orElseGet(e::toString));
        }
    }
}
