package dev.ncwrelay.testkit.fcm;

/** A request is not what the API expects. */
final class InvalidMessageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    InvalidMessageException(String field, String problem) {
        super(problem);
        this.field = field;
    }

    /** Where, as a path from the request's root. */
    String field() {
        return field;
    }
}
