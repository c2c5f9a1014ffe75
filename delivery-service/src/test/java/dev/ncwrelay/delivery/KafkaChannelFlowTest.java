package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Subscriptions to topics in Kafka. */
@Tag("kafka")
class KafkaChannelFlowTest {

    private final RunningDelivery delivery = RunningDelivery.shared();

    @Test
    void subscriptionToKafka_saysWhichTopicToRead() {
        var device = delivery.device();
        var path = "/v1/devices/" + device + "/channels/kafka";

        var subscribed = delivery.exchange("PUT", path, "{}", delivery.token(RunningDelivery.USER));

        assertThat(subscribed.status()).as(subscribed.text()).isEqualTo(201);
        assertThat(delivery.get(path).json()).isEqualTo(subscribed.json());
        var connection = subscribed.json().path("connection");
        var id = subscriptionId(device);
        assertThat(connection.path("bootstrapServers").asString()).isEqualTo(RunningDelivery.CLIENT_KAFKA);
        assertThat(connection.path("topic").asString()).isEqualTo("ncw.client." + device + "." + id);
        assertThat(connection.path("groupPrefix").asString()).isEqualTo("ncw.client." + device + "." + id + ".");
        assertThat(connection.path("securityProtocol").asString()).isEqualTo("SASL_SSL");
        assertThat(connection.path("saslMechanism").asString()).isEqualTo("OAUTHBEARER");
        assertThat(connection.path("tokenSource").asString()).isEqualTo("access_token");
        delivery.exchange(
                "PUT", "/v1/devices/" + device + "/channels/rabbitmq", "{}", delivery.token(RunningDelivery.USER));
        assertThat(delivery.get("/v1/devices/" + device + "/channels")
                        .json()
                        .path("channels")
                        .valueStream())
                .extracting(channel -> channel.path("kind").asString())
                .containsExactly("kafka", "rabbitmq");
    }

    /** Subscriptions of a former owner have no topic any more, and do not count. */
    @Test
    void deviceBeyondTheLimitOfAKind_is409_untilASubscriptionEnds() {
        try (var limited = RunningDelivery.start(
                "relay.delivery.channel.kafka.bootstrap-servers=" + RunningDelivery.CLIENT_KAFKA,
                "relay.delivery.channel.kafka.max-topics=2")) {
            // Given
            var devices = Stream.generate(limited::device).limit(4).toList();
            assertThat(putKafka(limited, devices.get(0)).status()).isEqualTo(201);
            assertThat(putKafka(limited, devices.get(1)).status()).isEqualTo(201);

            // When
            var refused = putKafka(limited, devices.get(2));
            limited.delete("/v1/devices/" + devices.get(0) + "/channels/kafka");
            var afterDelete = putKafka(limited, devices.get(2));
            ChannelFlowTest.giveTo(limited, devices.get(1), "user-2");
            var afterChangeOfOwner = putKafka(limited, devices.get(3));

            // Then
            ChannelFlowTest.assertProblem(refused, 409, "too-many-subscriptions");
            assertThat(refused.json().path("limit").asInt()).isEqualTo(2);
            assertThat(afterDelete.status()).isEqualTo(201);
            assertThat(afterChangeOfOwner.status()).isEqualTo(201);
            ChannelFlowTest.assertProblem(putKafka(limited, devices.get(0)), 409, "too-many-subscriptions");
        }
    }

    private String subscriptionId(String device) {
        try (var topics = new ChannelTopics(delivery.connection())) {
            return topics.last(device).getSubscriptionId();
        }
    }

    private static Reply putKafka(RunningDelivery on, String device) {
        return on.exchange("PUT", "/v1/devices/" + device + "/channels/kafka", "{}", on.token(RunningDelivery.USER));
    }
}
