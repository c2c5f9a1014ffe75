package dev.ncwrelay.delivery.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The demo backend's sign-in. There, it creates the user's row; here, the token says all, and nothing is stored.
 *
 * @see <a href="https://github.com/fireblocks/ncw-backend-demo/blob/main/src/controllers/user.controller.ts">the demo's
 *     controller</a>
 */
@RestController
@ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
class LoginController {

    /** What a number of JavaScript can hold exactly. */
    private static final long LARGEST = (1L << 53) - 1;

    private final DemoUsers users;

    LoginController(DemoUsers users) {
        this.users = users;
    }

    /**
     * The user.
     *
     * @param id always the same for a user; clients only tell their own users apart by it
     */
    record LoginResponse(long id) {}

    @PostMapping("/api/login")
    LoginResponse login(Authentication caller) {
        return new LoginResponse(idOf(users.user(caller)));
    }

    /** A number, as the demo's; not 0, which its web client takes for no user. */
    static long idOf(String user) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(user.getBytes(StandardCharsets.UTF_8));
            return Math.max(1, ByteBuffer.wrap(hash).getLong() & LARGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
