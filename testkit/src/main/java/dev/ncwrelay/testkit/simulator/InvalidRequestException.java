package dev.ncwrelay.testkit.simulator;

/** An invalid request; the message has what is expected. */
final class InvalidRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;

    InvalidRequestException(String expected) {
        super(expected);
        this.expected = expected;
    }

    String expected() {
        return expected;
    }
}
