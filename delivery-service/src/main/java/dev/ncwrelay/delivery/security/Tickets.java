package dev.ncwrelay.delivery.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ncwrelay.delivery.signing.SigningKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Tickets: version, expiry, expiry of the token they were issued for, nonce and user, then HMAC-SHA256 over these and
 * the device, in URL-safe base64.
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

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 16;
    private static final int FIXED_BYTES = 1 + Long.BYTES + Long.BYTES + NONCE_BYTES;
    private static final int TAG_BYTES = 32;

    private final List<SigningKey> keys;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Not bounded in number: an evicted one could be used again. Only a valid token obtains a ticket. */
    private final Cache<ByteBuffer, Boolean> used = Caffeine.newBuilder()
            .expireAfterWrite(LIFETIME.plus(SKEW).plus(SKEW))
            .build();

    /**
     * Creates them.
     *
     * @param cursorKeys the first signs, all verify
     */
    Tickets(List<SigningKey> cursorKeys, Clock clock) {
        this.keys = cursorKeys.stream().map(key -> key.forPurpose("ticket")).toList();
        this.clock = clock;
    }

    /**
     * A new one.
     *
     * @param until expiry of the token it is issued for
     */
    Ticket issue(String deviceId, String userId, Instant until) {
        var longest = clock.instant().plus(LIFETIME);
        var expiresAt = Instant.ofEpochSecond((until.isBefore(longest) ? until : longest).getEpochSecond());
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var user = userId.getBytes(StandardCharsets.UTF_8);
        var body = ByteBuffer.allocate(FIXED_BYTES + user.length)
                .put(VERSION)
                .putLong(expiresAt.getEpochSecond())
                .putLong(until.getEpochSecond())
                .put(nonce)
                .put(user)
                .array();
        var whole = ByteBuffer.allocate(body.length + TAG_BYTES).put(body).put(tag(keys.getFirst(), body, deviceId));
        return new Ticket(Base64.getUrlEncoder().withoutPadding().encodeToString(whole.array()), expiresAt);
    }

    /** The caller it was issued to; empty when it is malformed, for another device, expired or already used. */
    Optional<TicketAuthentication> redeem(String deviceId, String ticket) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(ticket);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length < FIXED_BYTES + TAG_BYTES || bytes[0] != VERSION) {
            return Optional.empty();
        }
        var body = Arrays.copyOf(bytes, bytes.length - TAG_BYTES);
        var tag = Arrays.copyOfRange(bytes, body.length, bytes.length);
        if (keys.stream().noneMatch(key -> MessageDigest.isEqual(tag(key, body, deviceId), tag))) {
            return Optional.empty();
        }
        var fields = ByteBuffer.wrap(body, 1, body.length - 1);
        var expiresAt = Instant.ofEpochSecond(fields.getLong());
        var until = Instant.ofEpochSecond(fields.getLong());
        var nonce = new byte[NONCE_BYTES];
        fields.get(nonce);
        var user = new byte[fields.remaining()];
        fields.get(user);
        var now = clock.instant();
        // A ticket of a clock too far ahead would outlive the record of its use.
        if (!now.isBefore(expiresAt) || expiresAt.isAfter(now.plus(LIFETIME).plus(SKEW))) {
            return Optional.empty();
        }
        // Not the text: several base64 texts decode to the same bytes.
        if (used.asMap().putIfAbsent(ByteBuffer.wrap(nonce), true) != null) {
            return Optional.empty();
        }
        return Optional.of(new TicketAuthentication(new String(user, StandardCharsets.UTF_8), until));
    }

    private static byte[] tag(SigningKey key, byte[] body, String deviceId) {
        var device = deviceId.getBytes(StandardCharsets.UTF_8);
        // Without the length, the end of the user id could be taken for the start of the device id.
        return key.authenticate(ByteBuffer.allocate(Integer.BYTES + body.length + device.length)
                .putInt(body.length)
                .put(body)
                .put(device)
                .array());
    }
}
