package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.KeyFailure;

/** The key could not sign, for example because its token does not respond. Nothing was sent; a retry may succeed. */
public final class SigningFailedException extends RuntimeException {

    public SigningFailedException(Exception cause) {
        this(KeyFailure.text(cause), cause);
    }

    SigningFailedException(String reason, Exception cause) {
        super("the key cannot sign: " + reason, cause);
    }
}
