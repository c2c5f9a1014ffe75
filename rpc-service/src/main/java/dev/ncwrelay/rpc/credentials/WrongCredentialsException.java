package dev.ncwrelay.rpc.credentials;

/** The configured credentials cannot be used; stops the start. Names keys and files, never their content. */
public final class WrongCredentialsException extends RuntimeException {

    private final String action;

    public WrongCredentialsException(String description, String action) {
        super(description);
        this.action = action;
    }

    /** What the operator should do. */
    public String action() {
        return action;
    }
}
