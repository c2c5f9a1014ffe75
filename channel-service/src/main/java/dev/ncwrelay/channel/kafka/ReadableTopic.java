package dev.ncwrelay.channel.kafka;

import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.schemas.TenantTopic;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * A topic that clients read.
 *
 * @param groupPrefix what the consumer groups that may read it begin with
 * @param partitions how many it has
 * @param principal who may read it, as in an ACL; null for no one
 */
record ReadableTopic(
        String name,
        String groupPrefix,
        int partitions,
        @Nullable String principal) {

    private static final String ANY = "*";

    /** The topic of a subscription. */
    static ReadableTopic of(ClientTopic topic, String principalType, String userId) {
        // In an ACL it would be any user.
        var principal = userId.equals(ANY) ? null : principalType + ":" + userId;
        return new ReadableTopic(topic.name(), topic.groupPrefix(), 1, principal);
    }

    static ReadableTopic of(TenantTopic topic, int partitions, @Nullable String principal) {
        return new ReadableTopic(topic.name(), topic.groupPrefix(), partitions, principal);
    }

    /** The topic, and the groups that may read it. */
    Stream<ResourcePattern> resources() {
        return Stream.of(
                new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL),
                new ResourcePattern(ResourceType.GROUP, groupPrefix, PatternType.PREFIXED));
    }

    /** Read implies describe: https://kafka.apache.org/documentation/#operations_in_kafka. */
    Stream<AclBinding> acls() {
        if (principal == null) {
            return Stream.empty();
        }
        var entry = new AccessControlEntry(principal, ANY, AclOperation.READ, AclPermissionType.ALLOW);
        return resources().map(resource -> new AclBinding(resource, entry));
    }
}
