package dev.ncwrelay.channel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.util.List;
import java.util.Optional;

class RabbitKillTest extends ChannelKillContract {

    private Optional<LocalRabbitMq> rabbit = Optional.empty();
    private Optional<RabbitClient> client = Optional.empty();

    @Override
    String kind() {
        return "rabbitmq";
    }

    @Override
    void startBroker() {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        rabbit = Optional.of(LocalRabbitMq.start(null));
    }

    @Override
    List<String> settings() {
        return RunningChannel.rabbitMq(rabbit.orElseThrow());
    }

    @Override
    void killBroker() {
        rabbit.orElseThrow().kill();
    }

    @Override
    void restartBroker() {
        rabbit.orElseThrow().restart();
    }

    @Override
    void stopBroker() {
        client.ifPresent(RabbitClient::close);
        rabbit.ifPresent(LocalRabbitMq::close);
    }

    @Override
    void read(List<String> devices, KafkaDevices kafka) throws Exception {
        var reader = RabbitClient.connect(rabbit.orElseThrow(), RabbitMqNode.USER, RabbitMqNode.PASSWORD);
        client = Optional.of(reader);
        for (var device : devices) {
            reader.consume(kafka.queue(device));
        }
    }

    @Override
    List<Received> received() {
        return client.orElseThrow().received().stream()
                .map(message -> new Received(message.device(), message.id()))
                .toList();
    }
}
