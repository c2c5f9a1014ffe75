package dev.ncwrelay.ingress.redrive;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RedriveConfiguration {

    @Bean
    KafkaAccess redriveAccess() {
        return KafkaAccess.none().tail(Topics.WALLET_UNROUTED).group(RedriveContainer.GROUP);
    }

    @Bean
    Redrive redrive(
            KafkaConnection kafka,
            RecordCodec codec,
            DeviceRegistry registry,
            Router router,
            EventPublisher publisher,
            DeadLetterSink deadLetters,
            Clock clock) {
        var redrive = new Redrive(kafka, codec, registry, router, publisher, deadLetters, clock);
        var _ = registry.caughtUp().thenRun(redrive::start);
        return redrive;
    }

    @Bean
    HealthIndicator redriveHealthIndicator(Redrive redrive) {
        return () -> redrive.failure()
                .map(cause -> Health.down().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }
}
