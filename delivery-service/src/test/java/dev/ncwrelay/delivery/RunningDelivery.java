package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.kafka.TestProducer;
import dev.ncwrelay.testkit.simulator.ControlApi;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service on a free port beside a real broker and registry, and a client of it.
 *
 * <p>A start takes seconds, so a test takes a service that runs already where it can: {@link #shared} has the default
 * settings, {@link #sharedSmall} a small ring and small mailboxes. A test that needs other settings calls {@link
 * #start} once for its class; one that stops Kafka, {@link #startOn}. A shared service is kept in a field of the test's
 * instance, so that each test begins with a service at rest:
 *
 * <pre>{@code private final RunningDelivery delivery = RunningDelivery.shared();}</pre>
 *
 * <p>Of a shared service tests rely on this: no wait is held and no connection is open when a test begins; each has a
 * broker of its own, so that it shares no log with other services. In return they use devices of their own ({@link
 * #device}), compare counters with what they were before, may {@link #restart} but not close it, and keep {@link
 * #connection} where they read the log themselves.
 */
final class RunningDelivery implements AutoCloseable {

    static final String USER = "user-1";

    private static final String WALLET = "wallet-1";

    /** The origin whose pages may call a shared service. */
    static final String ORIGIN = "https://app.example";

    /** The address of RabbitMQ that a shared service tells its clients. */
    static final String RABBITMQ = "amqps://mq.example:5671/relay";

    /** The address of Kafka that it tells them. */
    static final String CLIENT_KAFKA = "kafka.example:9094";

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String CURSOR_KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final JsonMapper JSON = JsonMapper.shared();

    private static @Nullable RunningDelivery shared;
    private static @Nullable RunningDelivery sharedSmall;

    private final Map<String, String> wallets = new ConcurrentHashMap<>();
    private final FakeFireblocks fireblocks = FakeFireblocks.settings()
            .routes(started -> ControlApi.routes(started, started.webhooks()))
            .start();
    private final HttpClient client = HttpClient.newHttpClient();
    private final KafkaConnection kafka;
    private final Producer<String, byte[]> producer;
    private final String[] settings;
    private ConfigurableApplicationContext context;

    /** The service that all tests with default settings share. */
    static synchronized RunningDelivery shared() {
        if (shared == null) {
            shared = startShared();
        }
        return shared.atRest();
    }

    /** The same with room for ten events of 4 KB in a partition's ring, and for 80 events in a mailbox. */
    static synchronized RunningDelivery sharedSmall() {
        if (sharedSmall == null) {
            sharedSmall = startShared("relay.delivery.feed.max-bytes=480KB", "relay.delivery.mailbox.max-events=80");
        }
        return sharedSmall.atRest();
    }

    private static RunningDelivery startShared(String... settings) {
        var all = new ArrayList<>(List.of(
                "relay.delivery.auth.allowed-origins=" + ORIGIN,
                "relay.delivery.channel.rabbitmq.url=" + RABBITMQ,
                "relay.delivery.channel.kafka.bootstrap-servers=" + CLIENT_KAFKA,
                "relay.delivery.channel.fcm.enabled=true",
                "relay.delivery.demo-api.enabled=true",
                "relay.delivery.live.heartbeat=300ms"));
        all.addAll(Arrays.asList(settings));
        var kafka = LocalKafka.start();
        var service = startOn(kafka, all.toArray(String[]::new));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            service.close();
                            kafka.close();
                        },
                        "stop-delivery"));
        return service;
    }

    /** Starts it again if it was stopped, and waits until no request is held and no client is connected. */
    RunningDelivery atRest() {
        if (!context.isActive()) {
            context = begin();
            awaitReady();
        }
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(metric("relay.waits.active"))
                    .as("waits that an earlier test left")
                    .isZero();
            assertThat(metric("relay.subscriptions.active"))
                    .as("connections that an earlier test left")
                    .isZero();
        });
        return this;
    }

    /** @param kafka the address of the service, and the client settings of the test */
    private RunningDelivery(KafkaConnection kafka, String... settings) {
        this.kafka = kafka;
        this.producer = TestProducer.of(kafka, "test");
        this.settings = settings;
        this.context = begin();
    }

    /** Starts it with these settings, as {@code name=value}, and waits until it is ready. */
    static RunningDelivery start(String... settings) {
        return startOn(SharedStack.get().kafka(), settings);
    }

    /** Starts it and returns when the process is up, ready or not. */
    static RunningDelivery begin(String... settings) {
        return beginOn(SharedStack.get().connection(), settings);
    }

    /** The same beside a broker of its own, which a test may stop. */
    static RunningDelivery startOn(LocalKafka kafka, String... settings) {
        var delivery = beginOn(kafka.connection(), settings);
        delivery.awaitReady();
        return delivery;
    }

    /** Another node of a service, beside the same broker; it accepts tokens of its own. */
    static RunningDelivery startBeside(RunningDelivery other, String... settings) {
        var delivery = beginOn(other.kafka, settings);
        delivery.awaitReady();
        return delivery;
    }

    /** The same beside any broker; returns when the process is up, ready or not. */
    static RunningDelivery beginOn(KafkaConnection kafka, String... settings) {
        return new RunningDelivery(kafka, settings);
    }

    /** Stops the service as a deployment would, and starts another one. */
    void restart() {
        context.close();
        context = begin();
        awaitReady();
    }

    /** Stops the service alone. */
    void stop() {
        context.close();
    }

    /** The broker it runs beside. */
    KafkaConnection connection() {
        return kafka;
    }

    FakeFireblocks fireblocks() {
        return fireblocks;
    }

    String token(String user) {
        return fireblocks.oidc().token(user);
    }

    /** Registers a new device of {@link #USER}. */
    String device() {
        return deviceOf(WALLET);
    }

    /** The same in this wallet. */
    String deviceOf(String wallet) {
        var deviceId = "device-" + UUID.randomUUID();
        var answer = register(deviceId, wallet);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return deviceId;
    }

    Reply register(String deviceId) {
        return register(deviceId, WALLET);
    }

    /** Events published for this device from now on are of this wallet. */
    void inWallet(String deviceId, String wallet) {
        wallets.put(deviceId, wallet);
    }

    private Reply register(String deviceId, String wallet) {
        wallets.put(deviceId, wallet);
        return exchange(
                "PUT",
                "/v1/devices/" + deviceId,
                "{\"walletId\":\"" + wallet + "\",\"userId\":\"" + USER + "\"}",
                fireblocks.oidc().token("backend", "devices:write"));
    }

    /** Writes an event to Kafka, and returns when the service has read it: polls find it and those before. */
    void publish(String deviceId, String eventId, String data) {
        publish(deviceId, eventId, "transaction.status.updated", null, data);
    }

    void publish(String deviceId, String eventId, String type, @Nullable String physicalDeviceId, String data) {
        publish(deviceId, eventId, type, physicalDeviceId, Instant.now(), data);
    }

    /** The same with an event that was created then and is received now. */
    void publish(
            String deviceId,
            String eventId,
            String type,
            @Nullable String physicalDeviceId,
            Instant createdAt,
            String data) {
        awaitRead(deviceId, write(deviceId, eventId, type, physicalDeviceId, createdAt, data));
    }

    /** Writes an event to Kafka, and returns its offset when the broker has it; the service may not have read it. */
    long write(
            String deviceId,
            String eventId,
            String type,
            @Nullable String physicalDeviceId,
            Instant createdAt,
            String data) {
        var event = DeviceEvent.newBuilder()
                .setEventId(eventId)
                .setEventType(type)
                .setDeviceId(deviceId)
                .setWalletId(wallets.getOrDefault(deviceId, WALLET))
                .setPhysicalDeviceId(physicalDeviceId)
                .setCreatedAt(createdAt)
                .setReceivedAt(Instant.now())
                .setData(ByteBuffer.wrap(data.getBytes(StandardCharsets.UTF_8)))
                .build();
        return send(deviceId, SharedStack.get().codec().encode(Topics.DEVICE_EVENTS, event));
    }

    /** Writes an event of the device that cannot be decoded. */
    void publishUnreadable(String deviceId) {
        awaitRead(deviceId, send(deviceId, new byte[] {1}));
    }

    /** A service that is stopped reads it when it is started again. */
    private void awaitRead(String deviceId, long offset) {
        await().atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !context.isActive()
                        || context.getBean(Feed.class).state(deviceId).next() > offset);
    }

    private long send(String deviceId, byte[] event) {
        try {
            return producer.send(new ProducerRecord<>(
                            Topics.DEVICE_EVENTS.name(),
                            DevicePartition.of(deviceId, LocalKafka.PARTITIONS),
                            deviceId,
                            event))
                    .get()
                    .offset();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Reply get(String path) {
        return exchange("GET", path, null, token(USER));
    }

    Reply post(String path, String body) {
        return exchange("POST", path, body, token(USER));
    }

    Reply delete(String path) {
        return exchange("DELETE", path, null, token(USER));
    }

    Reply poll(String deviceId, String body) {
        return post("/v1/devices/" + deviceId + "/messages:poll", body);
    }

    CompletableFuture<Reply> pollAsync(String deviceId, String body) {
        return send(request("POST", "/v1/devices/" + deviceId + "/messages:poll", body, token(USER))
                .build());
    }

    Reply exchange(String method, String path, @Nullable String body, @Nullable String token) {
        return send(request(method, path, body, token).build()).join();
    }

    CompletableFuture<Reply> send(HttpRequest request) {
        return client.sendAsync(request, BodyHandlers.ofByteArray()).thenApply(Reply::new);
    }

    HttpRequest.Builder request(String method, String path, @Nullable String body, @Nullable String token) {
        var builder = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(70))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return token == null ? builder : builder.header("Authorization", "Bearer " + token);
    }

    /** Sends a request to the management port. */
    Reply management(String path) {
        return send(HttpRequest.newBuilder(managementUrl(path)).build()).join();
    }

    URI managementUrl(String path) {
        return URI.create(
                "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.management.port") + path);
    }

    HttpClient client() {
        return client;
    }

    /** The value of a metric, summed over its tags. */
    double metric(String name) {
        return context.getBean(MeterRegistry.class).find(name).meters().stream()
                .flatMap(meter -> Stream.of(meter.measure().iterator().next().getValue()))
                .mapToDouble(Double::doubleValue)
                .sum();
    }

    /** The value of a metric with this tag. */
    double metric(String name, String tag, String value) {
        return context.getBean(MeterRegistry.class).find(name).tag(tag, value).meters().stream()
                .mapToDouble(meter -> meter.measure().iterator().next().getValue())
                .sum();
    }

    /** Threads of this process, virtual ones too. */
    static int threads() {
        try {
            var folder = Files.createTempDirectory("threads");
            var dump = folder.resolve("dump.txt");
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            try (var lines = Files.lines(dump)) {
                return (int) lines.filter(line -> line.startsWith("#")).count();
            } finally {
                Files.delete(dump);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until this many polls are held. */
    void awaitHeld(int polls) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(metric("relay.waits.active")).isEqualTo(polls));
    }

    @Override
    public void close() {
        context.close();
        producer.close();
        client.close();
        fireblocks.close();
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private ConfigurableApplicationContext begin() {
        var stack = SharedStack.get();
        var all = new ArrayList<>(List.of(
                "server.port=0",
                "management.server.port=0",
                "relay.kafka.development-broker=true",
                "spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                // A consumer that is closed waits for its last request to be answered.
                "spring.kafka.properties.fetch.max.wait.ms=50",
                "relay.registry.url=" + stack.registry().url(),
                "relay.delivery.auth.issuer=" + fireblocks.oidc().issuer(),
                "relay.delivery.auth.jwks-url=" + fireblocks.oidc().jwksUri(),
                "relay.delivery.cursor.keys=" + CURSOR_KEY,
                "relay.delivery.demo-api.wallets-url=" + fireblocks.url() + "/simulator/wallets",
                "springdoc.api-docs.enabled=false",
                "relay.delivery.peer.port=0",
                "relay.delivery.peer.secret=" + CURSOR_KEY,
                "relay.delivery.mailbox.state-dir=target/mailbox",
                "relay.delivery.wait.per-second=1000",
                "relay.delivery.wait.drain=100ms"));
        all.addAll(Arrays.asList(settings));
        var application = new SpringApplication(DeliveryApplication.class);
        // Closed by the test, or before its broker at the end of the JVM.
        application.setRegisterShutdownHook(false);
        return application.run(
                lastOfEach(all).stream().map(setting -> "--" + setting).toArray(String[]::new));
    }

    private void awaitReady() {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                management("/actuator/health/readiness").status())
                        .isEqualTo(200));
    }

    /** A test's own settings take precedence. */
    private static Collection<String> lastOfEach(List<String> settings) {
        var byName = new LinkedHashMap<String, String>();
        settings.forEach(setting -> byName.put(setting.substring(0, setting.indexOf('=')), setting));
        return byName.values();
    }

    /** An answer. */
    record Reply(HttpResponse<byte[]> response) {

        int status() {
            return response.statusCode();
        }

        byte[] bytes() {
            return response.body();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return JSON.readTree(response.body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** The ids of the messages in the body. */
        List<String> ids() {
            return json().path("messages")
                    .valueStream()
                    .map(message -> message.path("id").asString())
                    .toList();
        }

        String next() {
            return json().path("next").asString();
        }
    }
}
