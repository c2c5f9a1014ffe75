package dev.ncwrelay.bench.measure;

/** The requested load is impossible or measures nothing; the message says what is expected. */
public final class WrongLoadException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    WrongLoadException(String message) {
        super(message);
    }
}
