package dev.ncwrelay.channel;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A client app that reads its queue with RabbitMQ's own library. */
final class RabbitClient implements AutoCloseable {

    private static final int RPC_TIMEOUT_MILLIS = 15_000;

    private final Connection connection;
    private final Channel channel;
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());

    /** A message as it arrived. */
    record Received(String device, BasicProperties properties, String body) {

        String id() {
            return properties.getMessageId();
        }
    }

    private RabbitClient(Connection connection) throws IOException {
        this.connection = connection;
        this.channel = connection.createChannel();
    }

    static RabbitClient connect(LocalRabbitMq rabbit, String user, String password)
            throws IOException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(rabbit.port());
        factory.setUsername(user);
        factory.setPassword(password);
        factory.setAutomaticRecoveryEnabled(false);
        factory.setChannelRpcTimeout(RPC_TIMEOUT_MILLIS);
        return new RabbitClient(factory.newConnection());
    }

    /** Reads a queue and acknowledges each message. */
    RabbitClient consume(String queue) throws IOException {
        channel.basicConsume(
                queue,
                false,
                (_, delivery) -> {
                    received.add(new Received(
                            // Without the subscription.
                            delivery.getEnvelope().getRoutingKey().replaceFirst("\\.[^.]*$", ""),
                            delivery.getProperties(),
                            new String(delivery.getBody(), StandardCharsets.UTF_8)));
                    channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
                },
                _ -> {});
        return this;
    }

    Channel channel() {
        return channel;
    }

    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** The ids received, in order, each once. */
    List<String> ids() {
        return received().stream().map(Received::id).distinct().toList();
    }

    @Override
    public void close() {
        connection.abort();
    }
}
