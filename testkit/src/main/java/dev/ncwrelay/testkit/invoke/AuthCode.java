package dev.ncwrelay.testkit.invoke;

/**
 * Fireblocks' codes for a 401 (its pages on API responses and its support articles). The message of
 * {@link #ISSUED_IN_FUTURE} is Fireblocks' own, the others follow the descriptions of the codes.
 */
enum AuthCode {
    INVALID_SIGNATURE(-1, "Invalid signature"),
    API_KEY_MISSING_IN_TOKEN(-2, "Missing API key in the JWT"),
    TOKEN_MISSING(-3, "JWT is missing"),
    WRONG_URI(-4, "Wrong URL in the JWT"),
    INVALID_TOKEN_FORMAT(-5, "Invalid token format"),
    WRONG_USER(-6, "Wrong user"),
    NOT_ACCEPTED(-7, "Token is not accepted"),
    INSUFFICIENT_PERMISSIONS(-8, "Insufficient permissions"),
    EXPIRED(-10, "Token is expired"),
    ISSUED_IN_FUTURE(-12, "The request is with a future issuance timestamp (iat).");

    private final int code;
    private final String message;

    AuthCode(int code, String message) {
        this.code = code;
        this.message = message;
    }

    int code() {
        return code;
    }

    String message() {
        return message;
    }
}
