package dev.ncwrelay.local.stack;

import org.jspecify.annotations.Nullable;

/** The stack cannot run; the message has the reason and the remedy. */
public final class StackFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StackFailedException(String message) {
        super(message);
    }

    StackFailedException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }
}
