package dev.ncwrelay.testkit.kafka;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Locale;
import java.util.Map;

/** Where a broker of tests differs from Kafka's defaults, whatever it runs in. */
final class BrokerSettings {

    static final Map<String, String> ALL = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            // With one node, internal topics cannot have more than one replica; few partitions start faster.
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // A test that kills a consumer may choose how long the group waits for it.
            Map.entry("group.min.session.timeout.ms", "1000"),
            // The controller rejects the restart of a killed node until its session expires; the default is 9 s.
            Map.entry("broker.heartbeat.interval.ms", "500"),
            Map.entry("broker.session.timeout.ms", "4000"),
            Map.entry("message.max.bytes", Integer.toString(6 * 1024 * 1024)));

    private BrokerSettings() {}

    /** The same as the environment variables of Kafka's container image. */
    static Map<String, String> environment() {
        return ALL.entrySet().stream()
                .collect(toUnmodifiableMap(entry -> variable(entry.getKey()), Map.Entry::getValue));
    }

    private static String variable(String setting) {
        return "KAFKA_" + setting.replace('.', '_').toUpperCase(Locale.ROOT);
    }
}
