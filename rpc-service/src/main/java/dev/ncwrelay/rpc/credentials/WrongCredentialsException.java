package dev.ncwrelay.rpc.credentials;

/** The configured credentials are not usable; stops the start. Names settings and files, never their content. */
final class WrongCredentialsException extends RuntimeException {

    private final String action;

    WrongCredentialsException(String description, String action) {
        super(description);
        this.action = action;
    }

    /** What the operator should do. */
    String action() {
        return action;
    }
}
