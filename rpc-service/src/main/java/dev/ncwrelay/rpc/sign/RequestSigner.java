package dev.ncwrelay.rpc.sign;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ncwrelay.rpc.credentials.Credentials;
import dev.ncwrelay.rpc.request.InvokeBody;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.UUID;
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

    /** @param nonces unguessable and never the same twice */
    public RequestSigner(Duration tokenLifetime, Clock clock, Supplier<UUID> nonces) {
        this.tokenLifetime = tokenLifetime;
        this.clock = clock;
        this.nonces = nonces;
    }

    /**
     * Signs one attempt.
     *
     * @param credentials of the API user that the attempt is made as
     * @param path raw path and query as they will be sent, {@code /v1} included
     */
    public SignedRequest sign(Credentials credentials, String path, InvokeBody body) {
        var now = clock.instant();
        var claims = new JWTClaimsSet.Builder()
                .claim("uri", path)
                .claim("nonce", nonces.get().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(tokenLifetime)))
                .subject(credentials.apiKey().reveal())
                .claim("bodyHash", body.sha256())
                .build();
        var token = new SignedJWT(HEADER, claims);
        try {
            token.sign(new RSASSASigner(credentials.privateKey()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a private key that was accepted when it was read cannot sign", e);
        }
        return new SignedRequest(path, body, credentials.apiKey(), token.serialize());
    }
}
