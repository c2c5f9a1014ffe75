package dev.ncwrelay.ops.deadletter;

/** What was asked for cannot be done; the message is for the operator and says what to do. */
public final class DeadLetterException extends RuntimeException {

    public DeadLetterException(String message, Throwable cause) {
        super(message, cause);
    }
}
