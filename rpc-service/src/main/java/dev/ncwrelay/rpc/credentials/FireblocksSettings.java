package dev.ncwrelay.rpc.credentials;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.ConstructorBinding;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The Fireblocks accounts that calls are made with: {@code relay.rpc.fireblocks.*}. Blank texts count as absent.
 *
 * @param region whose API is called
 * @param baseUrl scheme, host and port of the API, without {@code /v1}; overrides the region
 * @param apiKey the API key of the only API user, or the first
 * @param apiKeyFile a file that holds it
 * @param privateKey that user's private key, PEM
 * @param privateKeyFile a file that holds it
 * @param tokenLifetime from a token's {@code iat} to its {@code exp}; Fireblocks' own SDKs use 55 s, its page 30 s
 * @param users further API users of the same account: calls are distributed over all, and continue while one is
 *     rejected
 * @param tenants the accounts of tenants, by the names that requests carry
 * @param reloadInterval how often key files are checked for changes; zero for never
 * @param keyStore a key store or token that holds that user's private key, in place of a PEM
 */
@ConfigurationProperties(prefix = "relay.rpc.fireblocks", ignoreUnknownFields = false)
public record FireblocksSettings(
        @DefaultValue("us") Region region,
        @Nullable String baseUrl,
        @Nullable ApiKey apiKey,
        @Nullable String apiKeyFile,
        @Nullable PrivateKeyPem privateKey,
        @Nullable String privateKeyFile,
        @DefaultValue("30s") Duration tokenLifetime,
        @DefaultValue List<UserSettings> users,
        @DefaultValue Map<String, TenantSettings> tenants,
        @DefaultValue("10s") Duration reloadInterval,
        @Nullable KeyStoreSettings keyStore) {

    private static final Duration MIN_TOKEN_LIFETIME = Duration.ofSeconds(1);
    private static final Duration MAX_TOKEN_LIFETIME = Duration.ofSeconds(55);
    private static final Duration RELOAD_INTERVAL = Duration.ofSeconds(10);

    @ConstructorBinding
    public FireblocksSettings {
        if (baseUrl != null && !baseUrl.isBlank() && !isBare(baseUrl)) {
            throw new IllegalArgumentException(
                    "relay.rpc.fireblocks.base-url must be http or https, a host and at most a port, without /v1");
        }
        if (tokenLifetime.compareTo(MIN_TOKEN_LIFETIME) < 0 || tokenLifetime.compareTo(MAX_TOKEN_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    "relay.rpc.fireblocks.token-lifetime must be from 1s to 55s, not " + tokenLifetime);
        }
        if (reloadInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "relay.rpc.fireblocks.reload-interval must not be negative, not " + reloadInterval);
        }
        users = List.copyOf(users);
        tenants = Map.copyOf(tenants);
    }

    /** One account with one API user. */
    public FireblocksSettings(
            Region region,
            @Nullable String baseUrl,
            @Nullable ApiKey apiKey,
            @Nullable String apiKeyFile,
            @Nullable PrivateKeyPem privateKey,
            @Nullable String privateKeyFile,
            Duration tokenLifetime) {
        this(
                region,
                baseUrl,
                apiKey,
                apiKeyFile,
                privateKey,
                privateKeyFile,
                tokenLifetime,
                List.of(),
                Map.of(),
                RELOAD_INTERVAL,
                null);
    }

    /** Accounts without a key store of the default user. */
    public FireblocksSettings(
            Region region,
            @Nullable String baseUrl,
            @Nullable ApiKey apiKey,
            @Nullable String apiKeyFile,
            @Nullable PrivateKeyPem privateKey,
            @Nullable String privateKeyFile,
            Duration tokenLifetime,
            List<UserSettings> users,
            Map<String, TenantSettings> tenants,
            Duration reloadInterval) {
        this(
                region,
                baseUrl,
                apiKey,
                apiKeyFile,
                privateKey,
                privateKeyFile,
                tokenLifetime,
                users,
                tenants,
                reloadInterval,
                null);
    }

    /** Scheme, host and port of the API. */
    public URI api() {
        return baseUrl == null || baseUrl.isBlank() ? region.api() : URI.create(baseUrl);
    }

    /** The API user that is configured without an index. */
    UserSettings defaultUser() {
        return new UserSettings(apiKey, apiKeyFile, privateKey, privateKeyFile, keyStore);
    }

    /** Without a path: whether it belongs to the {@code uri} of the token would depend on the proxies in between. */
    private static boolean isBare(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return false;
        }
        boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        var path = url.getRawPath();
        return isHttp
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawUserInfo() == null
                && (path == null || path.isEmpty() || path.equals("/"));
    }
}
