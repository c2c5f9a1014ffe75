package dev.ncwrelay.kafka.startup;

import dev.ncwrelay.kafka.access.AccessCheck;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.ClientSettingsCheck;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.startup.StartupState.Ready;
import dev.ncwrelay.kafka.startup.StartupState.Refused;
import dev.ncwrelay.kafka.startup.StartupState.Waiting;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.kafka.topic.TopicCheck;
import dev.ncwrelay.kafka.topic.TopicProvisioning;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * Checks a service's permissions and topics in Kafka, and the schemas in the registry, until all are available. What is
 * unavailable or not permitted is waited for; a broker that contradicts the configuration refuses the start.
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
    private final KafkaNeeds needs;
    private final CompletableFuture<StartupState> outcome = new CompletableFuture<>();
    private final Thread thread;
    private boolean warned;
    private volatile StartupState state = new Waiting("not checked yet");

    /** Starts checking on its own thread, with {@code pause} between two attempts. */
    public StartupCheck(KafkaConnection kafka, RecordCodec codec, KafkaNeeds needs, Duration pause) {
        this.kafka = kafka;
        this.codec = codec;
        this.needs = needs;
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
            var refusal = AccessCheck.refusal(admin, needs);
            if (refusal.isPresent()) {
                return new Waiting("Kafka: " + refusal.get());
            }
            var names = needs.access().topics().keySet();
            var found = switch (TopicProvisioning.check(
                    admin,
                    kafka,
                    names,
                    topics -> needs.internalTopics().of(topics).topics())) {
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
            return new Waiting(ClientSettingsCheck.unresolved(e, kafka).orElseGet(() -> reason(e)));
        }
    }

    /** Kafka's clients wrap what went wrong, for example at the login, in "Failed to create new KafkaAdminClient". */
    private static String reason(RuntimeException failure) {
        var cause = failure instanceof KafkaException ? NestedExceptionUtils.getMostSpecificCause(failure) : failure;
        return cause.toString();
    }
}
