package dev.ncwrelay.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The service as it runs, on a free port, trusting one fake Fireblocks. */
final class RunningIngress implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningIngress(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static RunningIngress start(FakeFireblocks fireblocks, KafkaConnection kafka, String... settings) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--relay.kafka.development-broker=true",
                "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                "--relay.kafka.partitions=" + kafka.partitions(),
                "--relay.registry.url=" + SharedStack.get().registry().url(),
                "--relay.ingress.verify.jwks-url=" + fireblocks.jwksUri()));
        arguments.addAll(List.of(settings));
        return new RunningIngress(
                new SpringApplicationBuilder(IngressApplication.class).run(arguments.toArray(String[]::new)));
    }

    /** Waits until it has loaded all devices and the keys, so that it accepts webhooks. */
    RunningIngress ready() {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(
                                management("/actuator/health/readiness").body())
                        .contains("\"webhookKeys\":{\"status\":\"UP\"}"));
        return readyButForKeys();
    }

    /** Waits until it has loaded all devices. */
    RunningIngress readyButForKeys() {
        devices()
                .caughtUp()
                .toCompletableFuture()
                .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join();
        return this;
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    /** An address on the management port. */
    URI managementUrl(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.management.port") + path);
    }

    DeviceRegistry devices() {
        return context.getBean(DeviceRegistry.class);
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(url(path)).build());
    }

    HttpResponse<String> management(String path) {
        return send(HttpRequest.newBuilder(managementUrl(path)).build());
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
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
        http.shutdownNow();
        try {
            http.awaitTermination(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
