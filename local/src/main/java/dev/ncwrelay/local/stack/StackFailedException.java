package dev.ncwrelay.local.stack;

import org.jspecify.annotations.Nullable;

/** The stack cannot run; the message says why and what to do. */
public final class StackFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StackFailedException(String message) {
        super(message);
    }

    StackFailedException(@Nullable String message, Throwable cause) {
        super(message, cause);
    }
}
