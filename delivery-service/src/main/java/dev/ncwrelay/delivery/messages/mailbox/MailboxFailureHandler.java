package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows when a mailbox thread fails: an {@link Error} ends the process, a stored value of another build's
 * format ends this node's mailboxes, and after every other failure the thread is replaced.
 */
final class MailboxFailureHandler implements StreamsUncaughtExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(MailboxFailureHandler.class);

    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();

    @Override
    public StreamThreadExceptionResponse handle(Throwable failure) {
        if (cause(failure, Error.class).isPresent()) {
            CriticalThread.end(failure);
        }
        var unknown = cause(failure, UnknownFormatException.class);
        if (unknown.isPresent()) {
            refuse(unknown.get());
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        log.atError().setCause(failure).log("mailbox thread failed and was replaced");
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** Logs the first refused value, and remembers it for the health check. */
    void refuse(UnknownFormatException unknown) {
        if (refusal.compareAndSet(null, unknown.getMessage())) {
            log.atError().addKeyValue("reason", unknown.getMessage()).log("stored mailbox refused");
        }
    }

    /** Why a value was refused, human-readable; empty when none was. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal.get());
    }

    /** The failure itself or the first of its causes that has this type: Kafka Streams wraps failures. */
    static <T extends Throwable> Optional<T> cause(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }
}
