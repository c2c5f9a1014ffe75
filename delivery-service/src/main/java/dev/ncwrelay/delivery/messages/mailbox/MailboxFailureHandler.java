package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.kafka.thread.CriticalThread;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what follows when a mailbox thread fails: an {@link Error} ends the process, a stored value of another build's
 * format ends this node's mailboxes, and after every other failure the thread is replaced, a second later if a permission is
 * missing.
 */
final class MailboxFailureHandler implements StreamsUncaughtExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(MailboxFailureHandler.class);

    private static final Duration REFUSED_PAUSE = Duration.ofSeconds(1);

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
        cause(failure, AuthorizationException.class)
                .ifPresentOrElse(
                        MailboxFailureHandler::awaitPermission,
                        () -> log.atError().setCause(failure).log("mailbox thread failed and was replaced"));
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /** On the thread that is being replaced: its successor would fail at once. */
    private static void awaitPermission(AuthorizationException refusal) {
        log.atWarn().addKeyValue("reason", refusal).log("mailbox thread lacks a permission and is replaced");
        try {
            Thread.sleep(REFUSED_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
