package dev.ncwrelay.delivery.messages.mailbox.peer;

import dev.ncwrelay.delivery.messages.mailbox.MailboxSettings;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Creates {@link MailboxNode} here and not in {@code mailbox}, which does not know the protocol between nodes. */
@Configuration(proxyBeanMethods = false)
class PeerConfiguration {

    @Bean
    MailboxNode mailboxNode(
            KafkaConnection kafka,
            RecordCodec codec,
            MailboxSettings settings,
            PeerSettings peers,
            JsonMapper json,
            DeviceRegistry registry) {
        return new MailboxNode(kafka, codec, settings, peers, json, registry::device);
    }
}
