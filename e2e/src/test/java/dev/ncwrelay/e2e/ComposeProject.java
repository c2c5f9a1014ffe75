package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.local.layout.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * The containers of a Compose file, in a project of their own so that no other data is touched; removed with their data at
 * the end.
 */
final class ComposeProject implements Backend, AutoCloseable {

    private static final String PROJECT = "ncw-relay-verify";

    /** Of the services, or of the first of two. */
    private static final Map<String, Integer> READINESS_PORTS =
            Map.of("ingress-service", 8181, "rpc-service", 8082, "delivery-service", 8180, "channel-service", 8184);

    private static final URI SIMULATOR = URI.create("http://127.0.0.1:8090");

    private final Path root = Workspace.current().root();
    private final String file;
    private final List<Integer> deliveryManagement;
    private final List<Integer> ingressManagement;
    private final Path log;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private ComposeProject(String file, List<Integer> deliveryManagement, List<Integer> ingressManagement) {
        this.file = file;
        this.deliveryManagement = deliveryManagement;
        this.ingressManagement = ingressManagement;
        this.log = root.resolve("target/verify-deploy").resolve(Path.of(file).getFileName() + ".log");
    }

    /**
     * Starts the containers and returns when all are healthy.
     *
     * @param deliveryManagement the published management ports of delivery-service's instances
     * @param ingressManagement those of ingress-service's
     */
    static ComposeProject up(String file, List<Integer> deliveryManagement, List<Integer> ingressManagement) {
        var project = new ComposeProject(file, deliveryManagement, ingressManagement);
        project.compose("down", "-v", "--remove-orphans");
        long began = System.nanoTime();
        try {
            project.compose("up", "--wait", "--wait-timeout", "600");
        } catch (AssertionError e) {
            project.close();
            throw e;
        }
        System.out.printf("e2e containers: %s healthy after %.1f s%n", file, (System.nanoTime() - began) / 1e9);
        return project;
    }

    @Override
    public URI delivery() {
        return URI.create("http://127.0.0.1:8080");
    }

    @Override
    public String token(String subject, String scopes) {
        return tokens.computeIfAbsent(subject + " " + scopes, _ -> {
            var request = HttpRequest.newBuilder(SIMULATOR.resolve("/oidc/token"))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString("subject=" + subject + "&scope=" + scopes));
            return json(request).path("access_token").asString();
        });
    }

    /** A webhook with this body, signed by the simulator and sent until it is accepted or given up; its delivery. */
    JsonNode sendWebhook(byte[] body) {
        var delivery = json(HttpRequest.newBuilder(SIMULATOR.resolve("/simulator/webhooks/raw"))
                .POST(BodyPublishers.ofByteArray(body)));
        var number = delivery.path("delivery").asInt();
        return await().atMost(Duration.ofMinutes(3))
                .until(
                        () -> json(HttpRequest.newBuilder(SIMULATOR.resolve("/simulator/webhooks/" + number))
                                .GET()),
                        now -> !now.path("state").asString().equals("IN_PROGRESS"));
    }

    /** New devices, known to every instance of ingress-service. */
    List<App> newApps(int count) {
        var apps = Stream.generate(() -> App.register(this)).limit(count).toList();
        var registered = deliveryManagement.stream()
                .mapToDouble(ComposeProject::knownDevices)
                .max()
                .orElseThrow();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(ingressManagement)
                        .allSatisfy(port -> assertThat(knownDevices(port)).isGreaterThanOrEqualTo(registered)));
        return apps;
    }

    private static double knownDevices(int port) {
        return Metrics.value(URI.create("http://127.0.0.1:" + port), Metrics.DEVICES);
    }

    /** Starts a service of a profile that is not active. */
    void up(String service) {
        compose("up", "--wait", service);
    }

    /** The instances that Prometheus reads metrics of, with {@code up} or {@code down}. */
    List<String> scraped() {
        var targets = json(HttpRequest.newBuilder(URI.create("http://127.0.0.1:9090/api/v1/targets"))
                .GET());
        return StreamSupport.stream(targets.at("/data/activeTargets").spliterator(), false)
                .map(target -> target.at("/labels/instance").asString() + " "
                        + target.path("health").asString())
                .toList();
    }

    void restart(String service) {
        compose("restart", service);
        awaitReady(service);
    }

    void stop(String... services) {
        compose(Stream.concat(Stream.of("stop"), Stream.of(services)).toArray(String[]::new));
    }

    void start(String service) {
        compose("start", service);
        awaitReady(service);
    }

    /**
     * Kills the process of a container. {@code docker kill} counts as a manual stop, after which {@code restart:
     * unless-stopped} does not restart it. A container in the machine's process namespace does it, because the engine may
     * run on a virtual machine.
     */
    void kill(String service) {
        var pid = inspect(service, "{{.State.Pid}}");
        run(List.of(
                "docker",
                "run",
                "--rm",
                "--pid=host",
                "--user=0",
                "--entrypoint=bash",
                "eclipse-temurin:25-jre",
                "-c",
                "kill -9 " + pid));
    }

    int restarts(String service) {
        return Integer.parseInt(inspect(service, "{{.RestartCount}}"));
    }

    int exitCode(String service) {
        return Integer.parseInt(inspect(service, "{{.State.ExitCode}}"));
    }

    /** Waits until a service answers that it is ready, or another container's check says so. */
    void awaitReady(String service) {
        var port = READINESS_PORTS.get(service.replaceFirst("-1$", ""));
        await().atMost(Duration.ofMinutes(3)).until(() -> port == null ? isHealthy(service) : isReady(port));
    }

    private boolean isHealthy(String service) {
        return inspect(service, "{{.State.Health.Status}}").equals("healthy");
    }

    private static boolean isReady(int port) {
        var url = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
        try {
            return App.send(HttpRequest.newBuilder(url).GET()).join().statusCode() == 200;
        } catch (CompletionException e) {
            return false;
        }
    }

    /** Removes the containers, their network and their data. The end of their logs is kept in the log of the commands. */
    @Override
    public void close() {
        compose("ps", "--all");
        compose("logs", "--no-color", "--tail", "200");
        compose("down", "-v", "--remove-orphans");
    }

    private String inspect(String service, String format) {
        var id = compose("ps", "--all", "--quiet", service).strip();
        return run(List.of("docker", "inspect", "--format", format, id)).strip();
    }

    private String compose(String... arguments) {
        var command = Stream.concat(
                        Stream.of("docker", "compose", "--progress", "plain", "-p", PROJECT, "-f", file),
                        Stream.of(arguments))
                .toList();
        return run(command);
    }

    private String run(List<String> command) {
        try {
            Files.createDirectories(log.getParent());
            var builder =
                    new ProcessBuilder(command).directory(root.toFile()).redirectError(Redirect.appendTo(log.toFile()));
            builder.environment().put("SIMULATOR_RETRY_SCALE", "0.02");
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Files.writeString(
                    log,
                    "$ " + String.join(" ", command) + "\n" + output,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            assertThat(process.waitFor())
                    .as(String.join(" ", command) + ": see " + log)
                    .isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static JsonNode json(HttpRequest.Builder request) {
        return App.JSON.readTree(App.send(request).join().body());
    }
}
