package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.http.FilterOrder;
import dev.ncwrelay.delivery.http.HttpSettings;
import dev.ncwrelay.delivery.http.connection.ClientConnectors;
import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.ack.ConsumerSettings;
import dev.ncwrelay.delivery.messages.cursor.CursorCodec;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedSettings;
import dev.ncwrelay.delivery.messages.feed.Generation;
import dev.ncwrelay.delivery.messages.feed.LatencyMetrics;
import dev.ncwrelay.delivery.messages.mailbox.MailboxSettings;
import dev.ncwrelay.delivery.messages.mailbox.peer.MailboxNode;
import dev.ncwrelay.delivery.messages.mailbox.peer.PeerSettings;
import dev.ncwrelay.delivery.messages.stream.Acknowledgements;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.MessageLocator;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.stream.StreamSource;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionSettings;
import dev.ncwrelay.delivery.messages.subscription.Subscriptions;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.messages.wait.WaitSettings;
import dev.ncwrelay.delivery.rpc.call.RpcCalls;
import dev.ncwrelay.delivery.rpc.reply.ReplyRegistry;
import dev.ncwrelay.delivery.rpc.reply.RpcSettings;
import dev.ncwrelay.delivery.security.DeviceOwnership;
import dev.ncwrelay.delivery.signing.SigningSettings;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.send.RecordSender;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Generation generation() {
        return new Generation();
    }

    @Bean
    LatencyMetrics stages(Clock clock, MeterRegistry metrics) {
        return new LatencyMetrics(clock, metrics);
    }

    @Bean
    Feed feed(FeedSettings settings, KafkaConnection kafka, Clock clock, WaitRegistry waits, LatencyMetrics stages) {
        var feed = new Feed(settings, kafka.partitions(), clock, stages);
        feed.onEvents(waits::wake);
        return feed;
    }

    @Bean
    MeterBinder relayGauges(Feed feed, MailboxNode mailboxes, DeviceRegistry registry) {
        return new NodeMetrics(feed, mailboxes, registry);
    }

    @Bean
    AckPositions positions(
            RecordSender publisher,
            Generation generation,
            ConsumerSettings settings,
            Clock clock,
            ExecutorService waitWorkers) {
        return new AckPositions(publisher, generation, UUID.randomUUID().toString(), settings, clock, waitWorkers);
    }

    @Bean
    ReplyRegistry replies(RpcSettings settings, Clock clock) {
        return new ReplyRegistry(settings.maxMemory().toBytes(), settings.memory(), clock);
    }

    @Bean
    CursorCodec cursorCodec(SigningSettings settings) {
        return new CursorCodec(settings.load());
    }

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

    @Bean
    DeviceStreams deviceStreams(
            Feed feed,
            MailboxNode mailboxes,
            AckPositions positions,
            CursorCodec cursors,
            Generation generation,
            LatencyMetrics stages,
            DeviceRegistry registry) {
        var source = new StreamSource(feed, mailboxes, registry::device);
        return new DeviceStreams(feed, source, positions, cursors, generation, stages);
    }

    @Bean
    OwnershipEndHandler ownershipEnds(
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
    StartPositions positioning(DeviceStreams streams) {
        return new StartPositions(streams);
    }

    @Bean
    Subscriptions liveStreams(
            DeviceStreams streams,
            WaitRegistry waits,
            SubscriptionSettings settings,
            ScheduledThreadPoolExecutor waitTimers,
            ExecutorService waitWorkers,
            MeterRegistry metrics) {
        return new Subscriptions(streams, waits, settings, waitTimers, waitWorkers, new Random(), metrics);
    }

    @Bean
    Acknowledgements acknowledging(
            DeviceStreams streams, Feed feed, MailboxNode mailboxes, AckPositions positions, LatencyMetrics stages) {
        return new Acknowledgements(streams, new MessageLocator(feed, mailboxes), positions, stages);
    }

    @Bean
    DeviceOwnership ownership(DeviceRegistry registry) {
        return new DeviceOwnership(registry);
    }

    /** One thread tells the time; what is due then runs elsewhere. */
    @Bean(destroyMethod = "shutdownNow")
    ScheduledThreadPoolExecutor waitTimers() {
        var timers = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("wait-timers").daemon().factory());
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }

    @Bean(destroyMethod = "shutdownNow")
    ExecutorService waitWorkers() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    @Bean
    DeviceRateLimiter pace(WaitSettings settings) {
        return new DeviceRateLimiter(settings.perSecond(), System::nanoTime);
    }

    @Bean
    WaitRegistry waits(
            WaitSettings settings,
            ScheduledThreadPoolExecutor waitTimers,
            ExecutorService waitWorkers,
            MeterRegistry metrics) {
        return new WaitRegistry(settings, waitTimers, waitWorkers, new Random(), metrics);
    }

    @Bean
    TopicTails tails(
            KafkaConnection kafka,
            RecordCodec codec,
            RecordSender publisher,
            DeviceRegistry registry,
            Generation generation,
            StartupCheck check,
            FeedSettings feedSettings,
            RpcSettings rpcSettings,
            Feed feed,
            AckPositions positions,
            ReplyRegistry replies,
            MailboxNode mailboxes) {
        var tails = new TopicTails(kafka, codec, publisher, registry, generation, mailboxes);
        tails.startAfter(check, feedSettings, rpcSettings.memory(), feed, positions, replies);
        return tails;
    }

    @Bean
    Readiness relayHealthIndicator(StartupCheck check, TopicTails tails) {
        return new Readiness(check, tails);
    }

    @Bean
    FilterRegistrationBean<ReadinessFilter> gateFilter(Readiness readiness) {
        var registration = new FilterRegistrationBean<>(new ReadinessFilter(readiness));
        registration.setOrder(FilterOrder.GATE);
        return registration;
    }

    @Bean
    ShutdownDrain drain(
            WaitRegistry waits, Subscriptions live, ClientConnectors acceptors, ApplicationEventPublisher events) {
        return new ShutdownDrain(waits, live, acceptors, events);
    }

    @Bean
    FilterRegistrationBean<DrainFilter> drainFilter(ShutdownDrain drain) {
        var registration = new FilterRegistrationBean<>(new DrainFilter(drain::isDraining));
        registration.setOrder(FilterOrder.DRAIN);
        return registration;
    }

    @Bean
    ClientConnectors acceptors(HttpSettings settings, ExecutorService waitWorkers, Clock clock, MeterRegistry metrics) {
        return new ClientConnectors(settings, waitWorkers, clock, metrics);
    }
}
