package dev.ncwrelay.channel;

import dev.ncwrelay.schemas.TenantTopic;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.json.JsonMapper;

/** The topics of tenants are on a Kafka of their own, which is killed while the relay's runs. */
class TenantTopicKillTest extends ChannelKillContract {

    private static final List<String> TENANTS = List.of("acme", "beta", "gamma");
    private static final String GROUP = "tenant-kill";

    private final List<Received> received = new ArrayList<>();
    private Optional<LocalKafka> cluster = Optional.empty();
    private Optional<KafkaConsumer<String, byte[]>> consumer = Optional.empty();

    @Override
    String kind() {
        return "kafka-tenant";
    }

    @Override
    void startBroker() {
        cluster = Optional.of(LocalKafka.startPausable());
    }

    @Override
    List<String> settings() {
        return List.of(
                "--relay.channel.kafka.tenants.acme.partitions=0",
                "--relay.channel.kafka.tenants.beta.partitions=3",
                "--relay.channel.kafka.tenants.gamma.partitions=1",
                "--relay.channel.kafka.tenant-group=" + GROUP,
                "--relay.channel.kafka.bootstrap-servers="
                        + cluster.orElseThrow().bootstrapServers(),
                "--relay.channel.kafka.replication-factor=1",
                "--relay.channel.kafka.min-insync-replicas=1",
                "--relay.channel.kafka.acls=false");
    }

    @Override
    List<String> prepare(int count, KafkaDevices kafka) {
        kafka.awaitGroup(GROUP);
        return IntStream.range(0, count)
                .mapToObj(i -> kafka.registerFor(TENANTS.get(i % TENANTS.size())))
                .toList();
    }

    @Override
    void killBroker() {
        cluster.orElseThrow().kill();
    }

    @Override
    void restartBroker() {
        cluster.orElseThrow().restart();
    }

    @Override
    void stopBroker() {
        consumer.ifPresent(KafkaConsumer::close);
        cluster.ifPresent(LocalKafka::close);
    }

    @Override
    void read(List<String> devices, KafkaDevices kafka) {
        var reader = new KafkaConsumer<String, byte[]>(
                cluster.orElseThrow().connection().shortLivedConsumer("client"));
        var partitions = TENANTS.stream()
                .flatMap(tenant -> reader.partitionsFor(new TenantTopic(tenant).name()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToBeginning(partitions);
        consumer = Optional.of(reader);
    }

    @Override
    List<Received> received() {
        for (var record : consumer.orElseThrow().poll(Duration.ofMillis(200))) {
            var id = JsonMapper.shared().readTree(record.value()).path("id").asString();
            received.add(new Received(record.key(), id));
        }
        return received;
    }
}
