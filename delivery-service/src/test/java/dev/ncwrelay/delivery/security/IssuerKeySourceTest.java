package dev.ncwrelay.delivery.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.keys.SigningKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** An issuer that is unreachable, or does not have the requested key. */
class IssuerKeySourceTest {

    private final FakeFireblocks fireblocks = FakeFireblocks.start();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();
    private final JwtDecoder decoder = NimbusJwtDecoder.withJwkSource(
                    IssuerKeySource.of(fireblocks.oidc().jwksUri(), Duration.ofHours(12), nanos::get, metrics))
            .build();

    @AfterEach
    void stop() {
        fireblocks.close();
    }

    @Test
    void unknownKeys_causeOneFetchIn30Seconds_andAreRejected() {
        // Given
        decoder.decode(fireblocks.oidc().token("anna"));
        int before = fireblocks.oidc().jwks().requests();
        pass31Seconds();

        // When
        for (int kid = 0; kid < 4; kid++) {
            var forged = forged("kid-" + kid);
            assertThatThrownBy(() -> decoder.decode(forged)).isInstanceOf(BadJwtException.class);
        }

        // Then
        assertThat(fireblocks.oidc().jwks().requests()).isEqualTo(before + 1);
        pass31Seconds();
        assertThatThrownBy(() -> decoder.decode(forged("another"))).isInstanceOf(BadJwtException.class);
        assertThat(fireblocks.oidc().jwks().requests()).isEqualTo(before + 2);
    }

    @Test
    void failingIssuer_keepsKnownKeysValid_andUnknownKeysUndecided() {
        // Given
        var token = fireblocks.oidc().token("anna");
        decoder.decode(token);
        fireblocks.oidc().jwks().fail(500);
        pass31Seconds();

        // When
        for (int turn = 0; turn < 2; turn++) {
            assertThatThrownBy(() -> decoder.decode(forged("new")))
                    .isInstanceOf(JwtException.class)
                    .isNotInstanceOf(BadJwtException.class);
        }

        // Then
        assertThat(decoder.decode(token).getSubject()).isEqualTo("anna");
        assertThat(metrics.counter("relay.delivery.keys.fetches", "result", "failed")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void unresponsiveIssuer_doesNotDelayKnownKeys() {
        // Given
        var token = fireblocks.oidc().token("anna");
        decoder.decode(token);
        int before = fireblocks.oidc().jwks().requests();
        fireblocks.oidc().jwks().stall();
        pass31Seconds();

        // When
        var asking = Thread.ofVirtual().start(() -> {
            try {
                decoder.decode(forged("new"));
            } catch (JwtException e) {
                // As expected.
            }
        });
        await().untilAsserted(
                        () -> assertThat(fireblocks.oidc().jwks().requests()).isGreaterThan(before));

        // Then
        assertThat(decoder.decode(token).getSubject()).isEqualTo("anna");
        assertThat(asking.isAlive()).isTrue();
        fireblocks.oidc().jwks().recover();
        await().until(() -> !asking.isAlive());
    }

    @Test
    void rotatedKey_isFetchedOnFirstUse() {
        decoder.decode(fireblocks.oidc().token("anna"));
        pass31Seconds();

        var _ = fireblocks.oidc().keys().rotate();

        assertThat(decoder.decode(fireblocks.oidc().token("bert")).getSubject()).isEqualTo("bert");
    }

    private String forged(String kid) {
        return fireblocks
                .oidc()
                .tokenFor("mallory")
                .signedBy(SigningKey.generate(kid))
                .issue();
    }

    private void pass31Seconds() {
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
    }
}
