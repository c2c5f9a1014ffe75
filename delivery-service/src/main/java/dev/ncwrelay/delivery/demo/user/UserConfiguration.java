package dev.ncwrelay.delivery.demo.user;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.util.concurrent.ExecutorService;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A deployment without the demo API does not need the topic, and does not keep the devices of each user. */
@Configuration(proxyBeanMethods = false)
class UserConfiguration {

    @Bean
    Passphrases passphrases(
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            RecordSender sender,
            ExecutorService waitWorkers,
            DemoApiSettings settings) {
        return new Passphrases(kafka, codec, deadLetters, sender, waitWorkers, settings.enabled());
    }

    @Bean
    KafkaAccess passphraseAccess(DemoApiSettings settings) {
        return settings.enabled()
                ? KafkaAccess.none().tail(Topics.PASSPHRASES).write(Topics.PASSPHRASES.name())
                : KafkaAccess.none();
    }

    @Bean
    @ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
    UserDevices userDevices(DeviceRegistry registry) {
        return new UserDevices(registry);
    }
}
