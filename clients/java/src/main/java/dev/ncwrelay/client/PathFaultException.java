package dev.ncwrelay.client;

/** The fault of a path on which another transport may work. */
final class PathFaultException extends Exception {

    private static final long serialVersionUID = 1;

    private final RelayException failure;

    PathFaultException(RelayException failure) {
        super(failure);
        this.failure = failure;
    }

    RelayException failure() {
        return failure;
    }
}
