package dev.ncwrelay.kafka.access;

import dev.ncwrelay.schemas.Topic;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Operations on topics, and the consumer groups to read in. Immutable; each method returns another. Every topic is also
 * compared with its required settings at start, which is the operation {@link AclOperation#DESCRIBE_CONFIGS}.
 *
 * @param topics the operations on each topic, by its name
 * @param groups the groups whose operation is {@link AclOperation#READ}
 */
public record KafkaAccess(Map<String, Set<AclOperation>> topics, Set<String> groups) {

    public KafkaAccess {
        topics = topics.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, topic -> Set.copyOf(topic.getValue())));
        groups = Set.copyOf(groups);
    }

    /** No operation. */
    public static KafkaAccess none() {
        return new KafkaAccess(Map.of(), Set.of());
    }

    /** Reads this topic to its end and beyond; an unreadable record is sent to its dead letters. */
    public KafkaAccess tail(Topic<?> topic) {
        return read(topic.name()).write(topic.deadLetters());
    }

    public KafkaAccess read(String... names) {
        return with(List.of(names), AclOperation.READ);
    }

    public KafkaAccess write(String... names) {
        return with(List.of(names), AclOperation.WRITE);
    }

    /** Creates the topic, reads and writes it. */
    public KafkaAccess own(String name) {
        return with(List.of(name), AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE);
    }

    /** All that either permits. */
    public KafkaAccess and(KafkaAccess other) {
        var all = new TreeMap<>(topics);
        other.topics().forEach((topic, operations) -> all.merge(topic, operations, KafkaAccess::union));
        return new KafkaAccess(all, union(groups, other.groups()));
    }

    /** Reads in this consumer group and commits its offsets. */
    public KafkaAccess group(String name) {
        return new KafkaAccess(topics, union(groups, Set.of(name)));
    }

    private KafkaAccess with(List<String> names, AclOperation... operations) {
        var all = new TreeMap<String, Set<AclOperation>>();
        names.forEach(name -> all.put(name, EnumSet.of(AclOperation.DESCRIBE_CONFIGS, operations)));
        return and(new KafkaAccess(all, Set.of()));
    }

    private static <T> Set<T> union(Set<T> first, Set<T> second) {
        var all = new HashSet<>(first);
        all.addAll(second);
        return all;
    }
}
