package dev.ncwrelay.kafka.access;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Checks a service's {@link KafkaAccess}, of which each of its packages may define a part, and gives it the health indicator {@code kafkaAccess}. */
@AutoConfiguration
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(KafkaAccess.class)
class KafkaAccessAutoConfiguration {

    @Bean
    KafkaNeeds kafkaNeeds(List<KafkaAccess> parts, ObjectProvider<KafkaNeeds.OwnNeeds> own) {
        var needs = KafkaNeeds.of(parts.stream().reduce(KafkaAccess.none(), KafkaAccess::and));
        return new KafkaNeeds(needs.access(), own.getIfAvailable(needs::own));
    }

    @Bean
    AccessMonitor accessMonitor(KafkaConnection kafka, KafkaNeeds needs) {
        return new AccessMonitor(kafka, needs);
    }

    @Bean
    HealthIndicator kafkaAccessHealthIndicator(AccessMonitor monitor) {
        return () -> monitor.refusal()
                .map(cause -> Health.down().withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }
}
