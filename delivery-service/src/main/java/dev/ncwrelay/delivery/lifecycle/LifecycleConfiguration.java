package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.channel.registry.ChannelRegistry;
import dev.ncwrelay.delivery.demo.user.Passphrases;
import dev.ncwrelay.delivery.http.FilterOrder;
import dev.ncwrelay.delivery.http.connection.ClientConnectors;
import dev.ncwrelay.delivery.messages.ack.AckPositionMaintenance;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.Generation;
import dev.ncwrelay.delivery.messages.mailbox.peer.MailboxNode;
import dev.ncwrelay.delivery.messages.subscription.Subscriptions;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.rpc.call.RpcCalls;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.DeviceRegistryMetrics;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LifecycleConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    TopicTails tails(
            KafkaConnection kafka,
            RecordCodec codec,
            DeadLetterSink deadLetters,
            DeviceRegistry registry,
            ChannelRegistry channels,
            Passphrases passphrases,
            Generation generation,
            StartupCheck check,
            FeedSettings feedSettings,
            RpcSettings rpcSettings,
            Feed feed,
            AckPositions positions,
            AckPositionMaintenance maintenance,
            ReplyRegistry replies,
            MailboxNode mailboxes) {
        var features = List.of(
                new FeatureTails("subscriptions to channels", channels.tails()),
                new FeatureTails("locations of passphrases", passphrases.tails()));
        var tails = new TopicTails(kafka, codec, deadLetters, registry, features, generation, mailboxes, maintenance);
        tails.startAfter(check, feedSettings, rpcSettings.memory(), feed, positions, replies);
        return tails;
    }

    @Bean
    Readiness relayHealthIndicator(StartupCheck check, TopicTails tails) {
        return new Readiness(check, tails);
    }

    @Bean
    FilterRegistrationBean<ReadinessFilter> readinessFilter(Readiness readiness) {
        var registration = new FilterRegistrationBean<>(new ReadinessFilter(readiness));
        registration.setOrder(FilterOrder.GATE);
        return registration;
    }

    @Bean
    ShutdownDrain drain(
            WaitRegistry waits,
            Subscriptions subscriptions,
            ClientConnectors connectors,
            ApplicationEventPublisher events) {
        return new ShutdownDrain(waits, subscriptions, connectors, events);
    }

    @Bean
    FilterRegistrationBean<DrainFilter> drainFilter(ShutdownDrain drain) {
        var registration = new FilterRegistrationBean<>(new DrainFilter(drain::isDraining));
        registration.setOrder(FilterOrder.DRAIN);
        return registration;
    }

    @Bean
    OwnershipEndHandler ownershipEndHandler(
            DeviceRegistry registry,
            WaitRegistry waits,
            RpcCalls calls,
            AckPositions positions,
            ExecutorService waitWorkers) {
        var ends = new OwnershipEndHandler(waits, calls, positions, waitWorkers);
        registry.onOwnershipEnd(ends);
        return ends;
    }

    @Bean
    MeterBinder nodeMetrics(Feed feed, MailboxNode mailboxes) {
        return new NodeMetrics(feed, mailboxes);
    }

    @Bean
    MeterBinder deviceRegistryMetrics(DeviceRegistry registry) {
        return new DeviceRegistryMetrics(registry);
    }
}
