package dev.ncwrelay.channel;

import dev.ncwrelay.schemas.ClientTopic;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The topics of subscriptions. */
class ClientTopicKillTest extends ClientClusterKillContract {

    @Override
    String kind() {
        return "kafka";
    }

    @Override
    List<String> channelSettings() {
        return List.of("--relay.channel.kafka.enabled=true");
    }

    @Override
    List<TopicPartition> partitions(List<String> devices, KafkaDevices kafka, KafkaConsumer<String, byte[]> reader) {
        return devices.stream()
                .map(device -> new ClientTopic(device, kafka.subscription(device)))
                .map(topic -> new TopicPartition(topic.name(), 0))
                .toList();
    }
}
