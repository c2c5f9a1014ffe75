package dev.ncwrelay.ops.deadletter;

/** A request of the operator failed; the message has the reason and the remedy. */
public final class DeadLetterException extends RuntimeException {

    DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
