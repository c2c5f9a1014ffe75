package dev.ncwrelay.channel.kafka;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** True when a tenant has a topic. */
final class OnTenants implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return Binder.get(context.getEnvironment())
                .bind(ClientKafkaSettings.PREFIX + "tenants", Bindable.mapOf(String.class, TenantTopicSettings.class))
                .isBound();
    }
}
