package dev.ncwrelay.kafka.startup;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses settings of Kafka that would have no effect: unknown keys below {@code spring.kafka}, which Spring Boot ignores,
 * and the relay's former keys.
 */
// Created by Spring Boot, from spring.factories.
final class KafkaSettingsCheck implements EnvironmentPostProcessor, Ordered {

    private static final Bindable<Map<String, String>> MAP = Bindable.mapOf(String.class, String.class);

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        var binder = Binder.get(environment);
        if (binder.bind("relay.kafka.bootstrap-servers", String.class).isBound()) {
            throw renamed("relay.kafka.bootstrap-servers", "spring.kafka.bootstrap-servers");
        }
        binder.bind("relay.kafka.properties", MAP)
                .ifBound(properties -> properties.keySet().stream()
                        .sorted()
                        .findFirst()
                        .ifPresent(key -> {
                            throw renamed("relay.kafka.properties." + key, "spring.kafka.properties." + key);
                        }));
        binder.bind(
                "spring.kafka",
                Bindable.of(KafkaProperties.class),
                new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
    }

    private static IllegalArgumentException renamed(String before, String now) {
        return new IllegalArgumentException(before + " is now " + now);
    }

    /** After the configuration files have been read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
