package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.await.Pace;
import dev.ncwrelay.delivery.await.WaitSettings;
import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.call.RpcCalls;
import dev.ncwrelay.delivery.cursor.CursorCodec;
import dev.ncwrelay.delivery.cursor.CursorSettings;
import dev.ncwrelay.delivery.feed.Feed;
import dev.ncwrelay.delivery.feed.FeedSettings;
import dev.ncwrelay.delivery.live.LiveSettings;
import dev.ncwrelay.delivery.live.LiveStreams;
import dev.ncwrelay.delivery.mailbox.MailboxNode;
import dev.ncwrelay.delivery.mailbox.MailboxSettings;
import dev.ncwrelay.delivery.mailbox.PeerSettings;
import dev.ncwrelay.delivery.measure.Stages;
import dev.ncwrelay.delivery.position.ConsumerSettings;
import dev.ncwrelay.delivery.position.Positions;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.delivery.reply.Replies;
import dev.ncwrelay.delivery.reply.RpcSettings;
import dev.ncwrelay.delivery.request.FilterOrder;
import dev.ncwrelay.delivery.request.HttpSettings;
import dev.ncwrelay.delivery.stream.Acknowledging;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Finding;
import dev.ncwrelay.delivery.stream.Positioning;
import dev.ncwrelay.delivery.stream.StreamSource;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.schemas.kafka.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.startup.StartupCheck;
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
    Stages stages(Clock clock, MeterRegistry metrics) {
        return new Stages(clock, metrics);
    }

    @Bean
    Feed feed(FeedSettings settings, KafkaConnection kafka, Clock clock, Waits waits, Stages stages) {
        var feed = new Feed(settings, kafka.partitions(), clock, stages);
        feed.onEvents(waits::wake);
        return feed;
    }

    @Bean
    MeterBinder relayGauges(Feed feed, MailboxNode mailboxes, DeviceRegistry registry) {
        return new RelayGauges(feed, mailboxes, registry);
    }

    @Bean
    Positions positions(
            Publisher publisher,
            Generation generation,
            ConsumerSettings settings,
            Clock clock,
            ExecutorService waitWorkers) {
        return new Positions(publisher, generation, UUID.randomUUID().toString(), settings, clock, waitWorkers);
    }

    @Bean
    Replies replies(RpcSettings settings, Clock clock) {
        return new Replies(settings.maxMemory().toBytes(), settings.memory(), clock);
    }

    @Bean
    CursorCodec cursorCodec(CursorSettings settings) {
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
            Positions positions,
            CursorCodec cursors,
            Generation generation,
            Stages stages,
            DeviceRegistry registry) {
        var source = new StreamSource(feed, mailboxes, registry::device);
        return new DeviceStreams(feed, source, positions, cursors, generation, stages);
    }

    @Bean
    OwnershipEnds ownershipEnds(
            DeviceRegistry registry, Waits waits, RpcCalls calls, Positions positions, ExecutorService waitWorkers) {
        var ends = new OwnershipEnds(waits, calls, positions, waitWorkers);
        registry.onOwnershipEnd(ends);
        return ends;
    }

    @Bean
    Positioning positioning(DeviceStreams streams) {
        return new Positioning(streams);
    }

    @Bean
    LiveStreams liveStreams(
            DeviceStreams streams,
            Waits waits,
            LiveSettings settings,
            ScheduledThreadPoolExecutor waitTimers,
            ExecutorService waitWorkers,
            MeterRegistry metrics) {
        return new LiveStreams(streams, waits, settings, waitTimers, waitWorkers, new Random(), metrics);
    }

    @Bean
    Acknowledging acknowledging(
            DeviceStreams streams, Feed feed, MailboxNode mailboxes, Positions positions, Stages stages) {
        return new Acknowledging(streams, new Finding(feed, mailboxes), positions, stages);
    }

    @Bean
    Ownership ownership(DeviceRegistry registry) {
        return new Ownership(registry);
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
    Pace pace(WaitSettings settings) {
        return new Pace(settings.perSecond(), System::nanoTime);
    }

    @Bean
    Waits waits(
            WaitSettings settings,
            ScheduledThreadPoolExecutor waitTimers,
            ExecutorService waitWorkers,
            MeterRegistry metrics) {
        return new Waits(settings, waitTimers, waitWorkers, new Random(), metrics);
    }

    @Bean
    Tails tails(
            KafkaConnection kafka,
            RecordCodec codec,
            Publisher publisher,
            DeviceRegistry registry,
            Generation generation,
            StartupCheck check,
            FeedSettings feedSettings,
            RpcSettings rpcSettings,
            Feed feed,
            Positions positions,
            Replies replies,
            MailboxNode mailboxes) {
        var tails = new Tails(kafka, codec, publisher, registry, generation, mailboxes);
        tails.startAfter(check, feedSettings, rpcSettings.memory(), feed, positions, replies);
        return tails;
    }

    @Bean
    Readiness relayHealthIndicator(StartupCheck check, Tails tails) {
        return new Readiness(check, tails);
    }

    @Bean
    FilterRegistrationBean<GateFilter> gateFilter(Readiness readiness) {
        var registration = new FilterRegistrationBean<>(new GateFilter(readiness));
        registration.setOrder(FilterOrder.GATE);
        return registration;
    }

    @Bean
    Drain drain(Waits waits, LiveStreams live, Acceptors acceptors, ApplicationEventPublisher events) {
        return new Drain(waits, live, acceptors, events);
    }

    @Bean
    FilterRegistrationBean<DrainFilter> drainFilter(Drain drain) {
        var registration = new FilterRegistrationBean<>(new DrainFilter(drain::isDraining));
        registration.setOrder(FilterOrder.DRAIN);
        return registration;
    }

    @Bean
    Acceptors acceptors(HttpSettings settings, ExecutorService waitWorkers, Clock clock, MeterRegistry metrics) {
        return new Acceptors(settings, waitWorkers, clock, metrics);
    }
}
