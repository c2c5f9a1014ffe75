package dev.ncwrelay.channel.lifecycle;

import dev.ncwrelay.channel.consume.ChannelRunner;
import dev.ncwrelay.channel.subscription.Subscriptions;
import dev.ncwrelay.cursor.CursorCodec;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.DeviceRegistryMetrics;
import dev.ncwrelay.http.Connectors;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.deadletter.KafkaDeadLetters;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.startup.RefusedStart;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({RegistryConnection.class, CursorSettings.class})
class LifecycleConfiguration {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> serialConnections() {
        return factory -> factory.addServerCustomizers(Connectors::readSerially);
    }

    @Bean
    RecordCodec recordCodec(RegistryConnection registry) {
        return new RecordCodec(registry);
    }

    @Bean
    CursorCodec cursorCodec(CursorSettings settings) {
        return settings.codec();
    }

    @Bean
    RecordSender recordSender(KafkaTemplate<String, byte[]> template, RecordCodec codec, KafkaConnection kafka) {
        return new RecordSender(template, codec, kafka.partitions());
    }

    @Bean
    DeadLetterSink deadLetters(KafkaTemplate<String, byte[]> template, MeterRegistry meters) {
        return new KafkaDeadLetters(template, meters);
    }

    @Bean
    DeviceRegistry deviceRegistry(KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters) {
        return new DeviceRegistry(kafka, codec, deadLetters, "channel-devices");
    }

    @Bean
    MeterBinder deviceRegistryMetrics(DeviceRegistry registry) {
        return new DeviceRegistryMetrics(registry);
    }

    @Bean
    Subscriptions subscriptions(
            DeviceRegistry registry, KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters) {
        return new Subscriptions(registry, kafka, codec, deadLetters);
    }

    @Bean
    KafkaAccess kafkaAccess(List<ChannelRunner> channels) {
        var access = KafkaAccess.none()
                .tail(Topics.DEVICES)
                .tail(Topics.DEVICE_CHANNELS)
                .tail(Topics.CHANNEL_STATES)
                .write(Topics.CHANNEL_STATES.name())
                .read(Topics.DEVICE_EVENTS.name());
        for (var channel : channels) {
            access = access.and(channel.access());
        }
        return access;
    }

    /** Waits for an unavailable broker; a broker that contradicts the configuration ends the process. */
    @Bean
    StartupCheck startupCheck(KafkaConnection kafka, RecordCodec codec, KafkaNeeds needs, ApplicationContext context) {
        return RefusedStart.exitsProcess(new StartupCheck(kafka, codec, needs, PAUSE), context);
    }

    @Bean
    ChannelLifecycle channelLifecycle(StartupCheck startup, List<ChannelRunner> channels) {
        return new ChannelLifecycle(startup, channels);
    }

    @Bean
    HealthIndicator relayHealthIndicator(StartupCheck startup, Subscriptions subscriptions) {
        return new Readiness(startup, subscriptions);
    }

    @Bean
    HealthIndicator channelsHealthIndicator(List<ChannelRunner> channels) {
        return new ChannelsHealth(channels);
    }
}
