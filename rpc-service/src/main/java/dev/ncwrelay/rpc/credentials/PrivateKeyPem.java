package dev.ncwrelay.rpc.credentials;

/** The text of a private key. Its own text form shows nothing of it. */
public final class PrivateKeyPem {

    private final String value;

    private PrivateKeyPem(String value) {
        this.value = value;
    }

    /**
     * Takes any text: a complaint at binding would print the value, so {@link Credentials} complains later. A
     * backslash and an n stand for a line's end, as environment files write it.
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
