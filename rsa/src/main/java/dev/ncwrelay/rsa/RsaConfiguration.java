package dev.ncwrelay.rsa;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Chooses the implementation of RSA, says which in the log, and gives a service the health indicator {@code rsa}. Imported by
 * the configuration that needs it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RsaSettings.class)
public class RsaConfiguration {

    private static final Logger log = LoggerFactory.getLogger(RsaConfiguration.class);

    @Bean
    RsaProvider rsaProvider(RsaSettings settings) {
        var chosen = settings.nativeCode() ? RsaProvider.fastest() : RsaProvider.ofJdk();
        var event = log.atInfo().addKeyValue("kind", chosen.title());
        chosen.reason()
                .map(because -> event.addKeyValue("reason", because))
                .orElse(event)
                .log("RSA implementation chosen");
        return chosen;
    }

    /** Always up: the JDK's implementation is slower, not worse. */
    @Bean
    HealthIndicator rsaHealthIndicator(RsaProvider chosen) {
        return () -> {
            var health = Health.up().withDetail("provider", chosen.title());
            return chosen.reason()
                    .map(because -> health.withDetail("reason", because))
                    .orElse(health)
                    .build();
        };
    }
}
