package dev.ncwrelay.channel.kafka;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The topic of one tenant.
 *
 * @param principal the tenant's backend as in an ACL, for example {@code User:acme-backend}; required with ACLs
 * @param partitions of the topic, which never change; 0 for as many as the relay's topics
 */
record TenantTopicSettings(
        @Nullable String principal, @DefaultValue("0") int partitions) {

    int partitionsOr(int relay) {
        return partitions == 0 ? relay : partitions;
    }
}
