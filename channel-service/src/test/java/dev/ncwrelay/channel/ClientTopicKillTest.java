package dev.ncwrelay.channel;

import dev.ncwrelay.schemas.ClientTopic;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.json.JsonMapper;

/** The topics are on a Kafka of their own, which is killed while the relay's runs. */
class ClientTopicKillTest extends ChannelKillContract {

    private final List<Received> received = new ArrayList<>();
    private Optional<LocalKafka> cluster = Optional.empty();
    private Optional<KafkaConsumer<String, byte[]>> consumer = Optional.empty();

    @Override
    String kind() {
        return "kafka";
    }

    @Override
    void startBroker() {
        cluster = Optional.of(LocalKafka.startPausable());
    }

    @Override
    List<String> settings() {
        return List.of(
                "--relay.channel.kafka.enabled=true",
                "--relay.channel.kafka.bootstrap-servers="
                        + cluster.orElseThrow().bootstrapServers(),
                "--relay.channel.kafka.replication-factor=1",
                "--relay.channel.kafka.min-insync-replicas=1",
                "--relay.channel.kafka.acls=false");
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
        var partitions = devices.stream()
                .map(device -> new ClientTopic(device, kafka.subscription(device)))
                .map(topic -> new TopicPartition(topic.name(), 0))
                .toList();
        var reader = new KafkaConsumer<String, byte[]>(
                cluster.orElseThrow().connection().shortLivedConsumer("client"));
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
