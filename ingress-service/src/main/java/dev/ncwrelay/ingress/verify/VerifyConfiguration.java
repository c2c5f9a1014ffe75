package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.rsa.RsaConfiguration;
import dev.ncwrelay.rsa.RsaProvider;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(RsaConfiguration.class)
class VerifyConfiguration {

    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(500);

    @Bean
    WebhookKeys webhookKeys(VerifySettings settings, Clock clock, RsaProvider rsa) {
        var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
        var source = new AdoptingKeySource(new HttpKeySource(http, settings.effectiveJwksUrl()), rsa);
        var keys = new WebhookKeys(source, clock, work -> CriticalThread.startVirtual("webhook-keys", work));
        // The first webhook should not have to wait for the keys.
        CriticalThread.startVirtual("first-webhook-keys", () -> fetchFirst(keys));
        return keys;
    }

    /** Until there are keys; {@link WebhookKeys} limits how often they are fetched. */
    private static void fetchFirst(WebhookKeys keys) {
        try {
            while (keys.failure().isPresent()) {
                keys.refresh();
                Thread.sleep(BETWEEN_ATTEMPTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Bean
    WebhookVerifier webhookVerifier(WebhookKeys keys, VerifySettings settings, RsaProvider rsa) {
        var legacy = settings.legacy().enabled()
                ? Optional.of(new LegacyVerifier(LegacyKeys.load(settings), rsa))
                : Optional.<LegacyVerifier>empty();
        return new WebhookVerifier(new JwsVerifier(keys, rsa), legacy);
    }

    /** Reported but not a reason for unreadiness: cached keys stay valid, and all nodes are affected alike. */
    @Bean
    HealthIndicator webhookKeysHealthIndicator(WebhookKeys keys) {
        return () -> keys.failure()
                .map(cause -> Health.unknown().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }
}
