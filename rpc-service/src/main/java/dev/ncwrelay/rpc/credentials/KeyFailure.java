package dev.ncwrelay.rpc.credentials;

/** The failures of key stores and of the keys in them. */
public final class KeyFailure {

    private KeyFailure() {}

    /** The kind of failure, for people. Only those of PKCS#11 have a text that repeats neither a setting nor a content. */
    public static String text(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        var message = root.getMessage();
        return message != null && message.startsWith("CKR_")
                ? message
                : root.getClass().getSimpleName();
    }
}
