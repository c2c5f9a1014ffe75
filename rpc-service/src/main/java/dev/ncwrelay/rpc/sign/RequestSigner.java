package dev.ncwrelay.rpc.sign;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ncwrelay.rpc.credentials.ApiKey;
import dev.ncwrelay.rpc.credentials.Credentials;
import dev.ncwrelay.rpc.credentials.SigningKey;
import dev.ncwrelay.rpc.request.InvokeBody;
import dev.ncwrelay.rsa.RsaProvider;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.RSAPrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Signs requests as Fireblocks' page "Signing a request: JWT structure" describes. Each signature has its own nonce and
 * time, so every attempt needs a new one. Safe for use by many threads.
 */
public final class RequestSigner {

    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.RS256).type(JOSEObjectType.JWT).build();

    private final Duration tokenLifetime;
    private final Clock clock;
    private final Supplier<UUID> nonces;
    private final RsaProvider rsa;

    /** By the keys of credentials, which may be replaced, the form of them that signs fastest. */
    private final Map<RSAPrivateKey, RSAPrivateKey> adopted = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param nonces unguessable and never the same twice
     * @param rsa signs with keys that are in memory
     */
    public RequestSigner(Duration tokenLifetime, Clock clock, Supplier<UUID> nonces, RsaProvider rsa) {
        this.rsa = rsa;
        this.tokenLifetime = tokenLifetime;
        this.clock = clock;
        this.nonces = nonces;
    }

    /**
     * Signs one attempt.
     *
     * @param credentials of the API user that the attempt is made as
     * @param path raw path and query as they will be sent, {@code /v1} included
     * @param limit how long a token may take
     * @throws SigningFailedException when the key cannot sign now
     * @throws InterruptedException when the thread is interrupted while a token signs
     */
    public SignedRequest sign(Credentials credentials, String path, InvokeBody body, Duration limit)
            throws InterruptedException {
        var token = switch (credentials.signingKey()) {
            case SigningKey.InMemory(var key) ->
                token(credentials.apiKey(), path, body, signer(adopted(key), rsa.provider()));
            case SigningKey.InStore(var key, var provider, var sessions) -> {
                try {
                    // Its time begins when it is signed, not while it waits for a session.
                    yield sessions.run(() -> token(credentials.apiKey(), path, body, signer(key, provider)), limit);
                } catch (TimeoutException e) {
                    throw new SigningFailedException("no signature within " + limit.toMillis() + " ms", e);
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof SigningFailedException failed
                            ? failed
                            : new SigningFailedException(e);
                }
            }
        };
        return new SignedRequest(path, body, credentials.apiKey(), token);
    }

    private String token(ApiKey apiKey, String path, InvokeBody body, RSASSASigner signer) {
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .claim("uri", path)
                .claim("nonce", nonces.get().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(tokenLifetime)))
                .subject(apiKey.reveal())
                .claim("bodyHash", body.sha256())
                .build();
        var token = new SignedJWT(HEADER, claims);
        try {
            token.sign(signer);
        } catch (JOSEException | RuntimeException e) {
            // A token's errors are of PKCS#11's provider, unchecked.
            throw new SigningFailedException(e);
        }
        return token.serialize();
    }

    /** The JDK's keys are kept by no entry: its value would be its key, and it would never be removed. */
    private RSAPrivateKey adopted(RSAPrivateKey key) {
        return rsa.isNative() ? adopted.computeIfAbsent(key, rsa::adopt) : key;
    }

    private static RSASSASigner signer(PrivateKey key, Provider provider) {
        var signer = new RSASSASigner(key);
        signer.getJCAContext().setProvider(provider);
        return signer;
    }
}
