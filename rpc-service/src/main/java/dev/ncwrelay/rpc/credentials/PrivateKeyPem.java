package dev.ncwrelay.rpc.credentials;

/** The text of a private key. Its text form does not show it. */
public final class PrivateKeyPem {

    private final String value;

    private PrivateKeyPem(String value) {
        this.value = value;
    }

    /**
     * Accepts any text; {@link Credentials} validates it, so that binding errors do not print it. A backslash and an n
     * stand for a line break, as in environment files.
     */
    public static PrivateKeyPem of(String value) {
        return new PrivateKeyPem(value.replace("\\n", "\n").strip());
    }

    String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "PrivateKeyPem[***]";
    }
}
