package dev.ncwrelay.delivery.channel.rabbitmq;

import dev.ncwrelay.delivery.address.ConfiguredAddress;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The address of RabbitMQ that clients receive: {@code relay.delivery.channel.rabbitmq.*}. This service does not connect to it.
 *
 * @param url the address at which clients reach it; null when there is no RabbitMQ for clients
 */
@ConfigurationProperties(prefix = "relay.delivery.channel.rabbitmq", ignoreUnknownFields = false)
public record RabbitMqSettings(@Nullable URI url) {

    static final String URL = "relay.delivery.channel.rabbitmq.url (RELAY_DELIVERY_CHANNEL_RABBITMQ_URL)";

    private static final Set<String> SCHEMES = Set.of("amqp", "amqps");

    public RabbitMqSettings {
        url = ConfiguredAddress.checked(
                url,
                SCHEMES,
                URL + " must be an address such as amqps://mq.example:5671/relay, without"
                        + " user, password, query and fragment: every client is told it");
    }
}
