package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.rpc.RpcApplication;
import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service in this JVM, with a real Kafka and a fake Fireblocks that validates everything. */
final class RunningService implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningService(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it and returns when it is ready. */
    static RunningService start(FakeFireblocks fireblocks, Map<String, String> settings) {
        var service = begin(fireblocks, SharedStack.get().connection(), settings);
        service.awaitReady();
        return service;
    }

    /** Starts it and returns when the process is up, whether or not its dependencies are available. */
    static RunningService begin(FakeFireblocks fireblocks, KafkaConnection kafka, Map<String, String> settings) {
        var arguments = new LinkedHashMap<String, String>();
        arguments.put("server.port", "0");
        arguments.put("relay.kafka.development-broker", "true");
        arguments.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        arguments.put("relay.kafka.partitions", Integer.toString(kafka.partitions()));
        // Closing a consumer waits for its last fetch.
        arguments.put("spring.kafka.properties.fetch.max.wait.ms", "50");
        // The heartbeat interval bounds the duration of a rebalance.
        arguments.put("spring.kafka.properties.heartbeat.interval.ms", "100");
        arguments.put("relay.registry.url", SharedStack.get().registry().url().toString());
        arguments.put("relay.rpc.fireblocks.base-url", fireblocks.url().toString());
        arguments.put("relay.rpc.fireblocks.api-key", fireblocks.apiUser().apiKey());
        arguments.put("relay.rpc.fireblocks.private-key", fireblocks.apiUser().privateKeyPem());
        arguments.putAll(settings);
        return new RunningService(new SpringApplicationBuilder(RpcApplication.class)
                .web(WebApplicationType.SERVLET)
                .run(arguments.entrySet().stream()
                        .map(argument -> "--" + argument.getKey() + "=" + argument.getValue())
                        .toArray(String[]::new)));
    }

    void awaitReady() {
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(get("/actuator/health/readiness").statusCode())
                                .as(() -> bodyOf("/actuator/health/readiness"))
                                .isEqualTo(200));
    }

    HttpResponse<String> get(String path) {
        var port = context.getEnvironment().getRequiredProperty("local.server.port");
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Calls running now. */
    int inFlight() {
        return context.getBean(DeviceDispatcher.class).running();
    }

    /** Stops it as a signal does. */
    @Override
    public void close() {
        context.close();
        http.shutdownNow();
    }

    private String bodyOf(String path) {
        return get(path).body();
    }
}
