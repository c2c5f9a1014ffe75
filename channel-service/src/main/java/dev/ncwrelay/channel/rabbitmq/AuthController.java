package dev.ncwrelay.channel.rabbitmq;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.http.MediaType;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers RabbitMQ's HTTP authentication backend, which asks with {@code auth_http.http_method = post}:
 * https://www.rabbitmq.com/docs/http-auth-backend-plugin. A user logs in with the subject of a token as the name, and with
 * the token as the password. What cannot be checked is denied.
 */
@RestController
@ConditionalOnBooleanProperty("relay.channel.rabbitmq.enabled")
@RequestMapping(
        path = "/rabbitmq/auth",
        consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE,
        produces = MediaType.TEXT_PLAIN_VALUE)
class AuthController {

    private static final Logger log = LoggerFactory.getLogger(AuthController.class);
    private static final String ALLOW = "allow";
    private static final String DENY = "deny";

    private final JwtDecoder tokens;
    private final ReadAccess access;

    AuthController(JwtDecoder tokens, ReadAccess access) {
        this.tokens = tokens;
        this.access = access;
    }

    @PostMapping("/user")
    String user(@RequestParam String username, @RequestParam(defaultValue = "") String password) {
        try {
            return answer(username.equals(tokens.decode(password).getSubject()));
        } catch (BadJwtException e) {
            return DENY;
        } catch (JwtException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("token not checked, denied");
            return DENY;
        }
    }

    @PostMapping("/vhost")
    String virtualHost(@RequestParam String vhost) {
        return answer(access.permits(vhost));
    }

    @PostMapping("/resource")
    String resource(
            @RequestParam String username,
            @RequestParam String vhost,
            @RequestParam String resource,
            @RequestParam String name,
            @RequestParam String permission) {
        return answer(access.permits(username, vhost, resource, name, permission));
    }

    /** Asked for what is published to a topic exchange, or bound to one: a user does neither. */
    @PostMapping("/topic")
    String topic() {
        return DENY;
    }

    private static String answer(boolean allowed) {
        return allowed ? ALLOW : DENY;
    }
}
