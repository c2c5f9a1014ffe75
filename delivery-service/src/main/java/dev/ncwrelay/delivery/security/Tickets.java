package dev.ncwrelay.delivery.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import dev.ncwrelay.cursor.SigningKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/**
 * Tickets: JSON web tokens (HS256) whose subject is the user and whose audience is the device.
 *
 * <ol>
 *   <li>Any node accepts a ticket of any other that has the same signing keys.
 *   <li>A ticket can be used once per node; nodes do not share used tickets.
 *   <li>It is valid for its user and device, and opens a connection that ends no later than the token.
 * </ol>
 */
final class Tickets {

    private static final Duration LIFETIME = Duration.ofSeconds(30);

    /** How much the clocks of two nodes may differ. */
    private static final Duration SKEW = Duration.ofSeconds(5);

    private static final JwsHeader HEADER = JwsHeader.with(MacAlgorithm.HS256).build();

    /** The claim with the expiry of the token the ticket was issued for, in seconds since the epoch. */
    private static final String UNTIL = "until";

    private final JwtEncoder encoder;
    private final List<JwtDecoder> decoders;
    private final Clock clock;

    /** Not bounded in number: an evicted one could be used again. Only a valid token obtains a ticket. */
    private final Cache<String, Boolean> used;

    /**
     * Creates them.
     *
     * @param cursorKeys the first signs, all verify
     */
    Tickets(List<SigningKey> cursorKeys, Clock clock) {
        var keys =
                cursorKeys.stream().map(key -> key.forPurpose("ticket").key()).toList();
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(keys.getFirst()));
        this.decoders = keys.stream().map(Tickets::decoder).toList();
        this.clock = clock;
        // By the clock that tickets expire by: if that is set back, used tickets are remembered for longer.
        this.used = Caffeine.newBuilder()
                .ticker(() -> Duration.ofMillis(clock.millis()).toNanos())
                .expireAfterWrite(LIFETIME.plus(SKEW).plus(SKEW))
                .build();
    }

    /**
     * A new one.
     *
     * @param until expiry of the token it is issued for
     */
    Ticket issue(String deviceId, String userId, Instant until) {
        var longest = clock.instant().plus(LIFETIME);
        var expiresAt = (until.isBefore(longest) ? until : longest).truncatedTo(ChronoUnit.SECONDS);
        var claims = JwtClaimsSet.builder()
                .id(UUID.randomUUID().toString())
                .subject(userId)
                .audience(List.of(deviceId))
                .expiresAt(expiresAt)
                .claim(UNTIL, until.getEpochSecond())
                .build();
        return new Ticket(
                encoder.encode(JwtEncoderParameters.from(HEADER, claims)).getTokenValue(), expiresAt);
    }

    /** The caller it was issued to; empty when it is malformed, for another device, expired or already used. */
    Optional<TicketAuthentication> redeem(String deviceId, String ticket) {
        var decoded = decode(ticket);
        if (decoded.isEmpty()) {
            return Optional.empty();
        }
        var jwt = decoded.get();
        if (!List.of(deviceId).equals(jwt.getAudience()) || !isCurrent(Objects.requireNonNull(jwt.getExpiresAt()))) {
            return Optional.empty();
        }
        // Not the text: several base64 texts decode to the same bytes.
        if (used.asMap().putIfAbsent(Objects.requireNonNull(jwt.getId()), true) != null) {
            return Optional.empty();
        }
        return Optional.of(new TicketAuthentication(
                Objects.requireNonNull(jwt.getSubject()), Objects.requireNonNull(jwt.getClaimAsInstant(UNTIL))));
    }

    /** A ticket of a clock too far ahead would outlive the record of its use. */
    private boolean isCurrent(Instant expiresAt) {
        var now = clock.instant();
        return now.isBefore(expiresAt) && !expiresAt.isAfter(now.plus(LIFETIME).plus(SKEW));
    }

    private Optional<Jwt> decode(String ticket) {
        for (var decoder : decoders) {
            try {
                return Optional.of(decoder.decode(ticket));
            } catch (JwtException e) {
                // Another key may have signed it.
            }
        }
        return Optional.empty();
    }

    private static JwtDecoder decoder(SecretKey key) {
        var decoder = NimbusJwtDecoder.withSecretKey(key)
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        // The default validator reads the system's clock.
        decoder.setJwtValidator(_ -> OAuth2TokenValidatorResult.success());
        return decoder;
    }
}
