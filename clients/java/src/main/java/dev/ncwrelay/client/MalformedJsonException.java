package dev.ncwrelay.client;

/** A text is not the JSON that was expected. */
final class MalformedJsonException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Says where, and not what: the text is a payload. */
    MalformedJsonException(String expected, int at) {
        super(expected + " is expected at character " + at);
    }
}
