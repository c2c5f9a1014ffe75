package dev.ncwrelay.delivery.messages.feed;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class FeedConfiguration {

    @Bean
    Generation generation() {
        return new Generation();
    }

    @Bean
    LatencyMetrics latencyMetrics(Clock clock, MeterRegistry metrics) {
        return new LatencyMetrics(clock, metrics);
    }

    @Bean
    Feed feed(FeedSettings settings, KafkaConnection kafka, Clock clock, LatencyMetrics latency) {
        return new Feed(settings, kafka.partitions(), clock, latency);
    }
}
