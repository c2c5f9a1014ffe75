package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.DeviceRegistryMetrics;
import dev.ncwrelay.http.Connectors;
import dev.ncwrelay.ingress.decode.WebhookDecoder;
import dev.ncwrelay.ingress.publish.EventPublisher;
import dev.ncwrelay.ingress.route.Router;
import dev.ncwrelay.ingress.verify.WebhookVerifier;
import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.startup.RefusedStart;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    private static final Logger log = LoggerFactory.getLogger(WebhookConfiguration.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int ACCEPT_QUEUE = 4096;
    private static final Duration IDLE_WHEN_FULL = Duration.ofSeconds(1);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    DeviceRegistry deviceRegistry(KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters) {
        return new DeviceRegistry(kafka, codec, deadLetters, "ingress-devices");
    }

    @Bean
    MeterBinder deviceRegistryMetrics(DeviceRegistry registry) {
        return new DeviceRegistryMetrics(registry);
    }

    @Bean
    WebhookDecoder webhookDecoder() {
        return new WebhookDecoder();
    }

    @Bean
    Router router(DeviceRegistry registry) {
        return new Router(registry);
    }

    @Bean
    WebhookPipeline pipeline(
            IngressSettings settings,
            WebhookDecoder decoder,
            Router router,
            EventPublisher publisher,
            DeviceRegistry registry,
            Clock clock) {
        if (settings.workspaces().isEmpty()) {
            log.atWarn()
                    .addKeyValue("reason", "relay.ingress.workspaces is not set")
                    .log("webhooks of every workspace in the region are accepted: set relay.ingress.workspaces");
        }
        var replay = settings.replay();
        return new WebhookPipeline(
                settings.workspaces(),
                decoder,
                router,
                publisher,
                new RecentWebhooks(replay.window(), replay.maxEntries(), clock),
                registry::isCaughtUp);
    }

    @Bean
    BodyExecutors executors(IngressSettings settings) {
        return new BodyExecutors(settings.http().forgedDelay());
    }

    @Bean
    BodyBudget bodyBudget(IngressSettings settings, BodyExecutors executors, MeterRegistry metrics) {
        var budget = new BodyBudget(settings.http().maxBodies().toBytes(), executors.executor());
        metrics.gauge("relay.ingress.bodies.bytes", budget, BodyBudget::used);
        metrics.gauge("relay.ingress.bodies", budget, BodyBudget::size);
        return budget;
    }

    @Bean
    SlowBodyMonitor slowBodies(BodyBudget budget, IngressSettings settings) {
        return new SlowBodyMonitor(budget, settings.http());
    }

    @Bean
    KafkaAccess webhookAccess() {
        return KafkaAccess.none()
                .tail(Topics.DEVICES)
                .write(
                        Topics.DEVICE_EVENTS.name(),
                        Topics.WALLET_UNROUTED.name(),
                        Topics.WORKSPACE_EVENTS.name(),
                        Topics.WEBHOOK_DEAD_LETTERS);
    }

    /** Waits for an unavailable broker; a broker that contradicts the configuration ends the process. */
    @Bean
    StartupCheck startupCheck(KafkaConnection kafka, RecordCodec codec, KafkaNeeds needs, ApplicationContext context) {
        return RefusedStart.exitsProcess(new StartupCheck(kafka, codec, needs, PAUSE), context);
    }

    @Bean
    HealthIndicator relayHealthIndicator(StartupCheck check, DeviceRegistry registry) {
        return new Readiness(check, registry);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> webhookServer(
            WebhookVerifier verifier,
            WebhookPipeline pipeline,
            BodyBudget budget,
            BodyExecutors executors,
            IngressSettings settings,
            Clock clock,
            MeterRegistry metrics) {
        var receiver = new WebhookReceiver(verifier, pipeline, budget, executors, settings.http(), clock);
        var responses = new WebhookResponses(settings.http().maxBody().toBytes(), new RefusalLog(clock));
        return factory -> factory.addServerCustomizers(server -> {
            server.setErrorHandler(new MalformedRequestHandler());
            var handler = new WebhookHandler(receiver, responses, metrics);
            handler.setHandler(server.getHandler());
            server.setHandler(handler);
            for (var connector : server.getConnectors()) {
                Connectors.prepare(
                        (ServerConnector) connector,
                        ACCEPT_QUEUE,
                        settings.http().headTimeout(),
                        metrics);
            }
            // While all connections are taken, a body or a reader that stalls makes room soon.
            server.getBeans(NetworkConnectionLimit.class)
                    .forEach(limit -> limit.setEndPointIdleTimeout(IDLE_WHEN_FULL.toMillis()));
        });
    }
}
