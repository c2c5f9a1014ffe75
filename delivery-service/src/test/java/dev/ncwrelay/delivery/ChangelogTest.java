package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.mailbox.peer.MailboxNode;
import dev.ncwrelay.schemas.Topics;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The changelog that Kafka Streams creates passes the startup check. */
@Tag("kafka")
class ChangelogTest {

    private final RunningDelivery delivery = RunningDelivery.shared();

    @Test
    void changelog_isCreatedAsTheStartupCheckRequires() throws Exception {
        try (var admin = Admin.create(delivery.connection().admin("changelog-test"))) {
            var events = admin.describeTopics(List.of(Topics.DEVICE_EVENTS.name()))
                    .topicNameValues()
                    .values()
                    .iterator()
                    .next()
                    .get();
            var requirement = MailboxNode.needs(
                            delivery.connection(), events.topicId().hashCode())
                    .topics()
                    .getFirst();
            var topic = new ConfigResource(ConfigResource.Type.TOPIC, requirement.name());

            var settings = admin.describeConfigs(List.of(topic))
                    .values()
                    .values()
                    .iterator()
                    .next()
                    .get();

            assertThat(settings.get("cleanup.policy").value()).isEqualTo("compact");
            assertThat(settings.get("max.message.bytes").value())
                    .isEqualTo(Integer.toString(requirement.maxMessageBytes()));
            assertThat(settings.get("unclean.leader.election.enable").value()).isEqualTo("false");
        }
    }
}
