package dev.ncwrelay.rpc.credentials;

/** The API key of a Fireblocks API user. Its text form does not show it. */
public final class ApiKey {

    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /** Accepts any text; {@link Credentials} validates it, so that binding errors do not print it. */
    public static ApiKey of(String value) {
        return new ApiKey(value.strip());
    }

    /** The key itself, for the header of the request. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "ApiKey[***]";
    }
}
