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

    /** Unknown to the aggregation, so that the other indicators decide. */
    private static final String DEGRADED = "DEGRADED";

    @Bean
    KafkaNeeds kafkaNeeds(List<KafkaAccess> parts, ObjectProvider<KafkaNeeds.InternalTopicsLookup> own) {
        var access = parts.stream().reduce(KafkaAccess.none(), KafkaAccess::and);
        return new KafkaNeeds(access, own.getIfAvailable(() -> KafkaNeeds.NO_INTERNAL_TOPICS));
    }

    @Bean
    AccessMonitor accessMonitor(KafkaConnection kafka, KafkaNeeds needs) {
        return new AccessMonitor(kafka, needs);
    }

    /**
     * A missing permission is named, and does not make a service unready: it is missing on every instance, and what else a
     * service does goes on. What cannot go on is reported by the indicator of its own.
     */
    @Bean
    HealthIndicator kafkaAccessHealthIndicator(AccessMonitor monitor) {
        return () -> monitor.refusal()
                .map(cause -> Health.status(DEGRADED).withDetail("cause", cause).build())
                .orElseGet(() -> Health.up().build());
    }
}
