package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The service as it runs, with RabbitMQ. */
final class RunningChannel implements AutoCloseable {

    static final String CURSOR_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext context;

    private RunningChannel(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** @param port of the questions of RabbitMQ, which knows it before the service starts */
    static RunningChannel start(FakeFireblocks fireblocks, LocalRabbitMq rabbit, int port, String... settings) {
        var all = new ArrayList<>(List.of("--server.port=" + port));
        all.addAll(List.of(settings));
        all.addAll(rabbitMq(rabbit));
        return begin(fireblocks, SharedStack.get().connection(), all.toArray(String[]::new))
                .awaitReady();
    }

    RunningChannel awaitReady() {
        await().atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(management("/actuator/health/readiness")).endsWith("\"status\":\"UP\"}"));
        return this;
    }

    /** Starts it and returns when the process is up, whether or not its dependencies are available. */
    static RunningChannel begin(FakeFireblocks fireblocks, KafkaConnection kafka, String... settings) {
        var arguments = arguments(fireblocks, kafka);
        arguments.add("--management.server.port=0");
        arguments.addAll(List.of(settings));
        return new RunningChannel(
                new SpringApplicationBuilder(ChannelApplication.class).run(arguments.toArray(String[]::new)));
    }

    /** What every instance is started with. */
    static List<String> arguments(FakeFireblocks fireblocks, KafkaConnection kafka) {
        return new ArrayList<>(List.of(
                "--relay.kafka.development-broker=true",
                "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "--relay.kafka.partitions=" + kafka.partitions(),
                "--relay.registry.url=" + SharedStack.get().registry().url(),
                "--relay.channel.auth.issuer=" + fireblocks.oidc().issuer(),
                "--relay.channel.auth.jwks-url=" + fireblocks.oidc().jwksUri(),
                "--relay.channel.cursor.keys=" + CURSOR_KEY));
    }

    /** What an instance is started with that forwards to RabbitMQ. */
    static List<String> rabbitMq(LocalRabbitMq rabbit) {
        return List.of(
                "--relay.channel.rabbitmq.enabled=true", "--spring.rabbitmq.addresses=127.0.0.1:" + rabbit.port());
    }

    /** What the management port answers. */
    String management(String path) {
        return get("local.management.port", path);
    }

    private String get(String port, String path) {
        var url = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port) + path);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
