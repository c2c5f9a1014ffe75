package dev.ncwrelay.ingress.verify;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class VerifyConfiguration {

    @Bean
    WebhookKeys webhookKeys(VerifySettings settings, Clock clock) {
        var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
        var source = new HttpKeySource(http, settings.effectiveJwksUrl());
        var keys = new WebhookKeys(source, clock, work -> Thread.ofVirtual().start(work));
        // So that the first webhook need not wait for them.
        Thread.ofVirtual().start(keys::refresh);
        return keys;
    }

    @Bean
    WebhookVerifier webhookVerifier(WebhookKeys keys, VerifySettings settings) {
        var legacy = settings.legacy().enabled()
                ? Optional.of(new LegacyCheck(LegacyKeys.load(settings)))
                : Optional.<LegacyCheck>empty();
        return new WebhookVerifier(new JwsCheck(keys), legacy);
    }

    /** Shown, but no reason to take this node out: known keys stay good, and every node has the same trouble. */
    @Bean
    HealthIndicator webhookKeysHealthIndicator(WebhookKeys keys) {
        return () -> keys.failure()
                .map(cause -> Health.unknown().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }
}
