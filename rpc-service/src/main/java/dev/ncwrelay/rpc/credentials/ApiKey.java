package dev.ncwrelay.rpc.credentials;

/** The API key of a Fireblocks API user. Its text form shows nothing of it. */
public final class ApiKey {

    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /** Takes any text: a complaint at binding would print the value, so {@link Credentials} complains later. */
    public static ApiKey of(String value) {
        return new ApiKey(value.strip());
    }

    /** The key itself, for the request that carries it. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "ApiKey[***]";
    }
}
