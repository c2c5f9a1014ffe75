package dev.ncwrelay.channel;

import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.json.JsonMapper;

/** The topics of clients are on a Kafka of their own, which is killed while the relay's runs. */
abstract class ClientClusterKillContract extends ChannelKillContract {

    private final List<Received> received = new ArrayList<>();
    private Optional<LocalKafka> cluster = Optional.empty();
    private Optional<KafkaConsumer<String, byte[]>> consumer = Optional.empty();

    /** Those that make the service forward to topics. */
    abstract List<String> channelSettings();

    /** The partitions that have the events of these devices. */
    abstract List<TopicPartition> partitions(
            List<String> devices, KafkaDevices kafka, KafkaConsumer<String, byte[]> reader);

    @Override
    void startBroker() {
        cluster = Optional.of(LocalKafka.startPausable());
    }

    @Override
    List<String> settings() {
        var ofTheCluster = Stream.of(
                "--relay.channel.kafka.bootstrap-servers="
                        + cluster.orElseThrow().bootstrapServers(),
                "--relay.channel.kafka.replication-factor=1",
                "--relay.channel.kafka.min-insync-replicas=1",
                "--relay.channel.kafka.acls=false");
        return Stream.concat(channelSettings().stream(), ofTheCluster).toList();
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
        var partitions = partitions(devices, kafka, reader);
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
