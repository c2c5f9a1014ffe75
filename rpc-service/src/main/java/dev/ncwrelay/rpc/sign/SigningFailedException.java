package dev.ncwrelay.rpc.sign;

/** The key could not sign, for example because its token does not respond. Nothing was sent; a retry may succeed. */
public final class SigningFailedException extends RuntimeException {

    public SigningFailedException(Exception cause) {
        super("the key cannot sign: " + kind(cause), cause);
    }

    /** The kind of error. Only those of PKCS#11 have a text that shows no content. */
    private static String kind(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        var text = root.getMessage();
        return text != null && text.startsWith("CKR_") ? text : root.getClass().getSimpleName();
    }
}
