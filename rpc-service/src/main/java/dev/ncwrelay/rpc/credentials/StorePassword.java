package dev.ncwrelay.rpc.credentials;

/** The password of a key store, or the PIN of a token. Its text form does not show it. */
public final class StorePassword {

    private final String value;

    private StorePassword(String value) {
        this.value = value;
    }

    /** Accepts any text; line breaks at its end, which editors add to files, are not part of it. */
    public static StorePassword of(String value) {
        return new StorePassword(value.replaceFirst("[\\r\\n]+\\z", ""));
    }

    char[] reveal() {
        return value.toCharArray();
    }

    boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public String toString() {
        return "StorePassword[***]";
    }
}
