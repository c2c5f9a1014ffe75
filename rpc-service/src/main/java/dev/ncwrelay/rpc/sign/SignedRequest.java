package dev.ncwrelay.rpc.sign;

import dev.ncwrelay.rpc.credentials.ApiKey;
import dev.ncwrelay.rpc.request.InvokeBody;

/** A request with its token. Only {@link RequestSigner} makes one, so that nothing unsigned can be sent. */
public final class SignedRequest {

    private final String path;
    private final InvokeBody body;
    private final ApiKey apiKey;
    private final String token;

    SignedRequest(String path, InvokeBody body, ApiKey apiKey, String token) {
        this.path = path;
        this.body = body;
        this.apiKey = apiKey;
        this.token = token;
    }

    /** The raw path and query that the token is for. */
    public String path() {
        return path;
    }

    /** The body that the token is for. */
    public InvokeBody body() {
        return body;
    }

    /** Value of {@code X-API-Key}. */
    public String apiKeyHeader() {
        return apiKey.reveal();
    }

    /** Value of {@code Authorization}. */
    public String authorizationHeader() {
        return "Bearer " + token;
    }

    /** Without the secrets and the payload. */
    @Override
    public String toString() {
        return "SignedRequest[" + path + "]";
    }
}
