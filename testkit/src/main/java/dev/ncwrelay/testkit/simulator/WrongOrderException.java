package dev.ncwrelay.testkit.simulator;

/** An invalid order; the message has what is expected. */
final class WrongOrderException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String expected;

    WrongOrderException(String expected) {
        super(expected);
        this.expected = expected;
    }

    String expected() {
        return expected;
    }
}
