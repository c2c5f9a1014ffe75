package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.messages.mailbox.peer.MailboxNode;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.KafkaDeadLetters;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.send.SendQueue;
import dev.ncwrelay.kafka.startup.RefusedStart;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.kafka.topic.TopicGeneration;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Objects;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RegistryConnection.class)
class KafkaConfiguration {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Bean
    RecordCodec recordCodec(RegistryConnection registry) {
        return new RecordCodec(registry);
    }

    @Bean
    SendQueue sendQueue() {
        return SendQueue.start();
    }

    @Bean
    RecordSender recordSender(
            KafkaTemplate<String, byte[]> template, RecordCodec codec, KafkaConnection kafka, SendQueue queue) {
        return new RecordSender(template, codec, kafka.partitions(), queue);
    }

    @Bean
    DeadLetterSink deadLetters(KafkaTemplate<String, byte[]> template, MeterRegistry meters) {
        return new KafkaDeadLetters(template, meters);
    }

    @Bean
    DeviceRegistry deviceRegistry(KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters) {
        return new DeviceRegistry(kafka, codec, deadLetters, "delivery-devices");
    }

    @Bean
    KafkaAccess kafkaAccess() {
        return KafkaAccess.none()
                .tail(Topics.DEVICES)
                .tail(Topics.DEVICE_EVENTS)
                .tail(Topics.DEVICE_CURSORS)
                .tail(Topics.RPC_REPLIES)
                .read(Topics.RPC_REQUESTS.name())
                .write(Topics.DEVICES.name(), Topics.DEVICE_CURSORS.name(), Topics.RPC_REQUESTS.name());
    }

    @Bean
    KafkaNeeds.InternalTopicsLookup mailboxNeeds(KafkaConnection kafka) {
        return topics -> {
            var events = Objects.requireNonNull(topics.get(Topics.DEVICE_EVENTS.name()));
            return MailboxNode.needs(kafka, TopicGeneration.of(events));
        };
    }

    /** A broker that does not match the configuration stops the service; an unreachable one is waited for. */
    @Bean
    StartupCheck startupCheck(KafkaConnection kafka, RecordCodec codec, KafkaNeeds needs, ApplicationContext context) {
        return RefusedStart.exitsProcess(new StartupCheck(kafka, codec, needs, PAUSE), context);
    }
}
