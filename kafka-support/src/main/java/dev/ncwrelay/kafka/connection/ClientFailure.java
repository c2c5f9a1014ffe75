package dev.ncwrelay.kafka.connection;

import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.springframework.kafka.KafkaException;

/** The exceptions of Kafka's clients, which spring-kafka and futures wrap. */
public final class ClientFailure {

    /** The name of a class, as {@link Throwable#toString} begins with. */
    private static final Pattern CLASS_NAME = Pattern.compile("^(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?:: |$)");

    private static final Pattern WORD_START = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private ClientFailure() {}

    /** The exception that spring-kafka or a future has wrapped; the failure itself when nothing wraps it. */
    public static Throwable cause(Throwable failure) {
        var cause = failure.getCause();
        boolean isWrapper = failure instanceof KafkaException
                || failure instanceof CompletionException
                || failure instanceof ExecutionException;
        return isWrapper && cause != null ? cause(cause) : failure;
    }

    /** What has failed, for people: the message of the exception, or the words of its name. Never the name of a class. */
    public static String text(Throwable failure) {
        var message = failure.getMessage() == null ? "" : failure.getMessage();
        var plain = message;
        do {
            message = plain;
            plain = CLASS_NAME.matcher(message).replaceFirst("");
        } while (!plain.equals(message));
        if (!plain.isBlank()) {
            return subject(failure) + plain;
        }
        return failure.getCause() == null ? words(failure) : text(failure.getCause());
    }

    /** What the message is, where it is a bare name. */
    private static String subject(Throwable failure) {
        return switch (failure) {
            case UnknownHostException _ -> "unknown host: ";
            case NoSuchFileException _ -> "no such file: ";
            default -> "";
        };
    }

    private static String words(Throwable failure) {
        var name = failure.getClass().getSimpleName().replaceFirst("(Exception|Error)$", "");
        return name.isEmpty()
                ? "unknown failure"
                : WORD_START.matcher(name).replaceAll(" ").toLowerCase(Locale.ROOT);
    }
}
