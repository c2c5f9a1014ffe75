package dev.ncwrelay.kafka.connection;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.springframework.kafka.KafkaException;

/** The exceptions of Kafka's clients, which spring-kafka and futures wrap. */
public final class ClientFailure {

    private ClientFailure() {}

    /** The exception that spring-kafka or a future has wrapped; the failure itself when nothing wraps it. */
    public static Throwable cause(Throwable failure) {
        var cause = failure.getCause();
        boolean isWrapper = failure instanceof KafkaException
                || failure instanceof CompletionException
                || failure instanceof ExecutionException;
        return isWrapper && cause != null ? cause(cause) : failure;
    }
}
