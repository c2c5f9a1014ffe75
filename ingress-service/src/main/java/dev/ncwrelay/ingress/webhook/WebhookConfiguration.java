package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.ingress.decode.WebhookDecoder;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.ingress.verify.WebhookVerifier;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.startup.StartupCheck;
import dev.ncwrelay.schemas.startup.StartupState;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    private static final Logger log = LoggerFactory.getLogger(WebhookConfiguration.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Bean
    Intake intake(
            WebhookVerifier verifier,
            WebhookDecoder decoder,
            Router router,
            EventPublisher publisher,
            DeviceRegistry registry) {
        return new Intake(verifier, decoder, router, publisher, registry::isCaughtUp);
    }

    /** A broker that contradicts the configuration stops the service; one that is not there yet is waited for. */
    @Bean
    StartupCheck startupCheck(KafkaConnection kafka, RecordCodec codec, ApplicationContext context) {
        var check = new StartupCheck(kafka, codec, PAUSE);
        var _ = check.outcome().thenAccept(state -> {
            if (state instanceof StartupState.Refused(var reason)) {
                log.atError().addKeyValue("reason", reason).log("start refused");
                Thread.ofPlatform().start(() -> System.exit(SpringApplication.exit(context, () -> 1)));
            }
        });
        return check;
    }

    @Bean
    HealthIndicator relayHealthIndicator(StartupCheck check, DeviceRegistry registry) {
        return new Readiness(check, registry);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> malformedRequests() {
        return factory -> factory.addServerCustomizers(server -> server.setErrorHandler(new MalformedRequests()));
    }
}
