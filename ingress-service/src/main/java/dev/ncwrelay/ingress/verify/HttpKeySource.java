package dev.ncwrelay.ingress.verify;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches Fireblocks' published webhook keys (JWKS) and the cache time of their Cache-Control header. */
final class HttpKeySource implements KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(HttpKeySource.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration MIN_FRESH = Duration.ofMinutes(1);
    private static final Duration MAX_FRESH = Duration.ofDays(1);
    private static final Duration DEFAULT_FRESH = Duration.ofHours(1);
    private static final Pattern MAX_AGE = Pattern.compile("(?:^|[,\\s])max-age=(\\d{1,9})");
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int MIN_KEY_BITS = 2048;

    private final HttpClient http;
    private final URI url;

    HttpKeySource(HttpClient http, URI url) {
        this.http = http;
        this.url = url;
    }

    @Override
    public FetchedKeys fetch() throws IOException, InterruptedException {
        var response = get();
        if (response.statusCode() != 200) {
            throw new IOException(url + " answered " + response.statusCode());
        }
        var keys = new HashMap<String, RSAPublicKey>();
        for (var member : members(response.body())) {
            add(member, keys);
        }
        if (keys.isEmpty()) {
            throw new IOException(url + " has no RS512 signing key");
        }
        return new FetchedKeys(
                keys, freshFor(response.headers().firstValue("Cache-Control").orElse("")));
    }

    private Map<String, Object>[] members(byte[] body) throws IOException {
        try {
            var set = JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8));
            var members = JSONObjectUtils.getJSONObjectArray(set, "keys");
            if (members == null) {
                throw new IOException(url + " is not a key set: it has no array \"keys\"");
            }
            return members;
        } catch (ParseException e) {
            throw new IOException(url + " is not a key set: " + e.getMessage(), e);
        }
    }

    /** A key that cannot be read is left out, as RFC 7517 section 5 advises; the others go on to verify. */
    private void add(Map<String, Object> member, Map<String, RSAPublicKey> keys) {
        try {
            if (JWK.parse(member) instanceof RSAKey rsa && verifiesWebhooks(rsa)) {
                keys.put(rsa.getKeyID(), rsa.toRSAPublicKey());
            }
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("url", url)
                    .addKeyValue("kid", String.valueOf(member.get("kid")))
                    .addKeyValue("reason", e.getMessage())
                    .log("published key left out: it cannot be read");
        }
    }

    /** The timeout of {@link HttpRequest} does not include the body of the response. */
    private HttpResponse<byte[]> get() throws IOException, InterruptedException {
        var exchange = http.sendAsync(
                HttpRequest.newBuilder(url).build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        try {
            return exchange.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(url + " is unreachable: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException(url + " did not respond within " + TIMEOUT.toSeconds() + " s", e);
        } finally {
            // Closes the connection of an incomplete response.
            exchange.cancel(true);
        }
    }

    static Duration freshFor(String cacheControl) {
        var age = MAX_AGE.matcher(cacheControl);
        if (!age.find()) {
            return DEFAULT_FRESH;
        }
        var asked = Duration.ofSeconds(Long.parseLong(age.group(1)));
        if (asked.compareTo(MIN_FRESH) < 0) {
            return MIN_FRESH;
        }
        return asked.compareTo(MAX_FRESH) > 0 ? MAX_FRESH : asked;
    }

    private static boolean verifiesWebhooks(JWK key) {
        Algorithm algorithm = key.getAlgorithm();
        return key.getKeyID() != null
                && (key.getKeyUse() == null || KeyUse.SIGNATURE.equals(key.getKeyUse()))
                && (algorithm == null || JWSAlgorithm.RS512.equals(algorithm))
                && key.size() >= MIN_KEY_BITS;
    }
}
