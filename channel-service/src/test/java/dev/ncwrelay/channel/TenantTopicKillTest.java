package dev.ncwrelay.channel;

import dev.ncwrelay.schemas.TenantTopic;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The topics of tenants. */
class TenantTopicKillTest extends ClientClusterKillContract {

    private static final List<String> TENANTS = List.of("acme", "beta", "gamma");
    private static final String GROUP = "tenant-kill";

    @Override
    String kind() {
        return "kafka-tenant";
    }

    @Override
    List<String> channelSettings() {
        return List.of(
                "--relay.channel.kafka.tenants.acme.partitions=0",
                "--relay.channel.kafka.tenants.beta.partitions=3",
                "--relay.channel.kafka.tenants.gamma.partitions=1",
                "--relay.channel.kafka.tenant-group=" + GROUP);
    }

    @Override
    List<String> prepare(int count, KafkaDevices kafka) {
        kafka.awaitGroup(GROUP);
        return IntStream.range(0, count)
                .mapToObj(i -> kafka.registerFor(TENANTS.get(i % TENANTS.size())))
                .toList();
    }

    @Override
    List<TopicPartition> partitions(List<String> devices, KafkaDevices kafka, KafkaConsumer<String, byte[]> reader) {
        return TENANTS.stream()
                .flatMap(tenant -> reader.partitionsFor(new TenantTopic(tenant).name()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
