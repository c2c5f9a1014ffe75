package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import dev.ncwrelay.testkit.rabbitmq.RabbitMqNode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The service with a real RabbitMQ. It serves the tests of a class. */
final class RabbitFixture implements BeforeAllCallback, AfterAllCallback {

    static final Duration SOON = Duration.ofMinutes(1);
    static final String USER = "alice";

    /** Of a queue. */
    static final int MAX_LENGTH = 40;

    private final int port = FreePort.next();
    private Optional<Node> node = Optional.empty();
    private Optional<RunningChannel> service = Optional.empty();

    private record Node(FakeFireblocks fireblocks, LocalRabbitMq rabbit, KafkaDevices kafka) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        assumeTrue(LocalRabbitMq.isInstalled(), "RabbitMQ is not installed: apt-get install rabbitmq-server");
        node = Optional.of(new Node(
                FakeFireblocks.start(),
                LocalRabbitMq.start(URI.create("http://127.0.0.1:" + port + "/rabbitmq/auth/")),
                new KafkaDevices()));
        startService();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        service.ifPresent(RunningChannel::close);
        node.ifPresent(started -> {
            started.kafka().close();
            started.rabbit().close();
            started.fireblocks().close();
        });
    }

    /** Starts the service, which is closed. */
    void startService() {
        service = Optional.of(RunningChannel.start(
                fireblocks(),
                broker(),
                port,
                "--relay.channel.rabbitmq.max-length=" + MAX_LENGTH,
                // With more, one may still say what another waits for.
                "--relay.channel.rabbitmq.threads=1"));
    }

    FakeFireblocks fireblocks() {
        return node.orElseThrow().fireblocks();
    }

    LocalRabbitMq broker() {
        return node.orElseThrow().rabbit();
    }

    RunningChannel service() {
        return service.orElseThrow();
    }

    KafkaDevices kafka() {
        return node.orElseThrow().kafka();
    }

    /** Events that are not forwarded yet, as the metrics say. */
    double lag() {
        return service()
                .management("/actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith("relay_channel_lag_records{kind=\"rabbitmq\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 1)))
                .sum();
    }

    StompClient stompClient(String user) {
        return new StompClient(
                broker(), user, fireblocks().oidc().tokenFor(user).issue());
    }

    /** A client app. */
    interface Use {
        void apply(RabbitClient client) throws Exception;
    }

    void assertRefused(String user, Use use) throws Exception {
        try (var client = connect(user)) {
            assertThatIOException().isThrownBy(() -> use.apply(client)).withStackTraceContaining("ACCESS_REFUSED");
        }
    }

    RabbitClient connect(String user) throws Exception {
        return RabbitClient.connect(broker(), user, fireblocks().oidc().token(user));
    }

    RabbitClient connectAdministrator() throws Exception {
        return RabbitClient.connect(broker(), RabbitMqNode.USER, RabbitMqNode.PASSWORD);
    }

    /** A client that connects when the device's queue is there. */
    RabbitClient awaitQueue(String device) throws Exception {
        awaitState(device, "active");
        return connect(USER);
    }

    String subscribed() {
        var device = kafka().register(USER);
        kafka().subscribe(device, 1);
        awaitState(device, "active");
        return device;
    }

    void awaitState(String device, String expected) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(kafka().state(device))
                        .hasValueSatisfying(
                                state -> assertThat(state.getState()).isEqualTo(expected)));
    }

    /** Publishes this many events of each device, and returns their ids by device. */
    Map<String, List<String>> publish(List<String> devices, int count) {
        var ids = new LinkedHashMap<String, List<String>>();
        devices.forEach(device -> ids.put(device, new ArrayList<>()));
        var sent = new ArrayList<CompletableFuture<?>>();
        for (int i = 0; i < count; i++) {
            ids.forEach((device, published) -> {
                var id = "event-" + System.nanoTime();
                published.add(id);
                sent.add(kafka().publish(device, id, "{}"));
            });
        }
        assertThat(sent).allSatisfy(event -> assertThat(event).succeedsWithin(SOON));
        return ids;
    }

    static void merge(Map<String, List<String>> all, Map<String, List<String>> more) {
        more.forEach((device, ids) -> all.merge(
                device,
                ids,
                (first, second) ->
                        Stream.concat(first.stream(), second.stream()).toList()));
    }

    void assertReceived(Map<String, List<String>> published) throws Exception {
        for (var entry : published.entrySet()) {
            try (var client = connect(USER).consume(kafka().queue(entry.getKey()))) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(client.ids()).isEqualTo(entry.getValue()));
            }
        }
    }
}
