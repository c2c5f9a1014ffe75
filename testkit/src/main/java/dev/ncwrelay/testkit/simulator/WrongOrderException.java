package dev.ncwrelay.testkit.simulator;

/** An order that cannot be carried out; the message says what was expected. */
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
