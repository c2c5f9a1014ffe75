package dev.ncwrelay.delivery.failure;

import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Carries a {@link Failure} to the edge. It has no stack trace: it is an expected result, not a fault. */
public final class FailureException extends RuntimeException {

    private final Failure failure;

    FailureException(Failure failure) {
        super(failure.getClass().getSimpleName(), null, false, false);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }

    /** The failure that a future ended with, if it is one. */
    public static Optional<Failure> of(Throwable thrown) {
        return rootOf(thrown) instanceof FailureException carried ? Optional.of(carried.failure) : Optional.empty();
    }

    /** The exception without the wrapper that futures add. */
    public static Throwable rootOf(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
    }
}
