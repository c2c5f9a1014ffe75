package dev.ncwrelay.kafka.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers what they permit, so that a missing permission has a name before an operation fails. Brokers without
 * an authorizer permit everything. Of a topic or group that does not exist, only whether it is visible is known, and
 * whether it may be created.
 */
public final class AccessCheck {

    /** Each implies {@link AclOperation#DESCRIBE}. */
    private static final Set<AclOperation> VISIBLE = Set.of(AclOperation.READ, AclOperation.WRITE);

    private final Admin admin;
    private final List<String> refused = new ArrayList<>();

    private AccessCheck(Admin admin) {
        this.admin = admin;
    }

    /**
     * What the brokers refuse, human-readable, for example {@code may not READ topic ncw.devices}; empty for nothing.
     *
     * @throws ExecutionException when the brokers do not answer
     */
    public static Optional<String> refusal(Admin admin, KafkaNeeds needs)
            throws ExecutionException, InterruptedException {
        var check = new AccessCheck(admin);
        var topics = check.topics(needs.access());
        check.groups(needs.access());
        if (topics.keySet().containsAll(needs.access().topics().keySet())) {
            var own = needs.internalTopics().of(topics).access();
            check.topics(own);
            check.groups(own);
        }
        return check.refused.isEmpty() ? Optional.empty() : Optional.of("may not " + String.join(", ", check.refused));
    }

    /** The descriptions of those topics that are visible. */
    private Map<String, TopicDescription> topics(KafkaAccess access) throws ExecutionException, InterruptedException {
        var found = new HashMap<String, TopicDescription>();
        var names = access.topics().keySet().stream().sorted().toList();
        var asked = admin.describeTopics(names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        for (var name : names) {
            var needed = Objects.requireNonNull(access.topics().get(name));
            try {
                var topic = Objects.requireNonNull(asked.get(name)).get();
                found.put(name, topic);
                compare("topic " + name, needed, topic.authorizedOperations());
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case AuthorizationException _ -> invisible("topic " + name, needed);
                    case UnknownTopicOrPartitionException _ -> {
                        if (needed.contains(AclOperation.CREATE) && !mayCreate(name)) {
                            refuse("topic " + name, Stream.of(AclOperation.CREATE));
                        }
                    }
                    case null, default -> throw e;
                }
            }
        }
        return found;
    }

    /** A trial without effect: brokers do not say what is permitted on a topic that does not exist. */
    private boolean mayCreate(String name) throws InterruptedException {
        var topic = new NewTopic(name, Optional.empty(), Optional.empty());
        try {
            admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true))
                    .all()
                    .get();
            return true;
        } catch (ExecutionException e) {
            return !(e.getCause() instanceof AuthorizationException);
        }
    }

    private void groups(KafkaAccess access) throws ExecutionException, InterruptedException {
        var needed = Set.of(AclOperation.READ);
        var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
        var names = access.groups().stream().sorted().toList();
        for (var asked :
                admin.describeConsumerGroups(names, options).describedGroups().entrySet()) {
            var group = "group " + asked.getKey();
            try {
                compare(group, needed, asked.getValue().get().authorizedOperations());
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case AuthorizationException _ -> invisible(group, needed);
                    case GroupIdNotFoundException _ -> {}
                    case null, default -> throw e;
                }
            }
        }
    }

    /** @param permitted null when a broker does not say */
    private void compare(String resource, Set<AclOperation> needed, @Nullable Set<AclOperation> permitted) {
        if (permitted != null) {
            refuse(resource, needed.stream().filter(operation -> !permitted.contains(operation)));
        }
    }

    /** What does not imply {@link AclOperation#DESCRIBE} may be permitted. */
    private void invisible(String resource, Set<AclOperation> needed) {
        refuse(resource, needed.stream().filter(VISIBLE::contains));
    }

    private void refuse(String resource, Stream<AclOperation> operations) {
        operations.sorted().forEach(operation -> refused.add(operation + " " + resource));
    }
}
