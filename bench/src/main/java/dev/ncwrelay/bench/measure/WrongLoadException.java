package dev.ncwrelay.bench.measure;

/** A load was asked for that cannot be or measures nothing; the message says what was expected. */
public final class WrongLoadException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    WrongLoadException(String message) {
        super(message);
    }
}
