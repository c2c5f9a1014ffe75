package dev.ncwrelay.channel.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.channel.forward.SendOutcome;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory.ConfirmType;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;

/** A message that never reaches its queue, with a broker that works. */
@Tag("brokers")
class RabbitProbeTest {

    @Test
    void messageThatIsNotConfirmed_isRefused_byABrokerThatConfirmsWhatGoesToNoQueue() {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        try (var rabbit = LocalRabbitMq.start(null)) {
            var connections = new CachingConnectionFactory("127.0.0.1", rabbit.port());
            connections.setUsername(RabbitMqNode.USER);
            connections.setPassword(RabbitMqNode.PASSWORD);
            connections.setPublisherConfirmType(ConfirmType.CORRELATED);
            connections.setPublisherReturns(true);
            try {
                var channel = RabbitChannelTest.channel(new LossyTemplate(connections), connections);
                var lost = RabbitChannelTest.message("lost");
                var other = RabbitChannelTest.message("other");
                channel.open(lost.subscription());
                channel.open(other.subscription());

                assertThat(channel.send(List.of(lost)))
                        .containsExactly(new SendOutcome.Refused("RabbitMQ did not confirm it within 1 s"));
                assertThat(channel.send(List.of(other))).containsExactly(new SendOutcome.Accepted());
            } finally {
                connections.destroy();
            }
        }
    }

    /** Sends all but what is for the device {@code lost}. */
    private static final class LossyTemplate extends RabbitTemplate {

        private LossyTemplate(CachingConnectionFactory connections) {
            super(connections);
            setMandatory(true);
        }

        @Override
        public void send(
                @Nullable String exchange,
                @Nullable String routingKey,
                Message message,
                @Nullable CorrelationData correlation) {
            if (!"lost".equals(message.getMessageProperties().getMessageId())) {
                super.send(exchange, routingKey, message, correlation);
            }
        }
    }
}
