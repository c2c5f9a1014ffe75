package dev.ncwrelay.channel.fcm;

import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.channel.wake.Waking;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FcmSettings.class)
class FcmConfiguration {

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBooleanProperty("relay.channel.fcm.enabled")
    static class Enabled {

        @Bean
        FcmPushService fcmPushService(FcmSettings settings, CursorCodec cursors, Clock clock) {
            if (settings.endpoint() != null) {
                LoggerFactory.getLogger(FcmConfiguration.class)
                        .atWarn()
                        .addKeyValue("peer", settings.endpoint())
                        .log("push messages go to relay.channel.fcm.endpoint, not to Google");
            }
            var transport = new FcmTransport(settings.endpoint());
            var credentials = FcmCredentials.load(Objects.requireNonNull(settings.credentialsFile()), transport);
            var project = Optional.ofNullable(settings.projectId())
                    .or(credentials::project)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "relay.channel.fcm.project-id must name the Firebase project: the credentials name none"));
            return new FcmPushService(transport, credentials, project, new FcmMessage(cursors, settings.ttl(), clock));
        }

        @Bean
        Waking fcmWaking(
                FcmSettings settings,
                FcmPushService service,
                KafkaConnection kafka,
                RecordCodec codec,
                Subscriptions subscriptions,
                RecordSender sender,
                DeadLetterSink deadLetters,
                MeterRegistry meters,
                Clock clock) {
            return new Waking(
                    settings.group(),
                    service,
                    settings.wake(),
                    kafka,
                    codec,
                    subscriptions,
                    sender,
                    deadLetters,
                    meters,
                    clock);
        }
    }
}
