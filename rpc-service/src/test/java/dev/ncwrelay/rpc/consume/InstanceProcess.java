package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.rpc.RpcApplication;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The service as a process of its own, which can be killed. */
final class InstanceProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Process process;
    private final int port;
    private final Path log;

    private InstanceProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** Starts it without waiting. */
    static InstanceProcess begin(FakeFireblocks fireblocks, Path folder, String... settings) throws IOException {
        fireblocks.apiUser().writeTo(folder);
        int port = FreePort.next();
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The same collector as this JVM; the process is too short-lived for the optimizing compiler.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-XX:"))
                .forEach(command::add);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                RpcApplication.class.getName(),
                "--server.port=" + port,
                "--relay.kafka.development-broker=true",
                "--spring.kafka.bootstrap-servers="
                        + SharedStack.get().connection().bootstrapServers(),
                // The heartbeat interval bounds the duration of a rebalance.
                "--spring.kafka.properties.heartbeat.interval.ms=100",
                "--logging.level.dev.ncwrelay.rpc.consume=info",
                "--relay.registry.url=" + SharedStack.get().registry().url(),
                "--relay.rpc.fireblocks.base-url=" + fireblocks.url(),
                "--relay.rpc.fireblocks.api-key-file=" + folder.resolve("api-key"),
                "--relay.rpc.fireblocks.private-key-file=" + folder.resolve("secret.pem")));
        command.addAll(List.of(settings));
        var log = folder.resolve("service-" + port + ".log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new InstanceProcess(process, port, log);
    }

    static InstanceProcess start(FakeFireblocks fireblocks, Path folder, String... settings) throws IOException {
        var instance = begin(fireblocks, folder, settings);
        instance.awaitReady();
        return instance;
    }

    void awaitReady() {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(get("/actuator/health/readiness")).isEqualTo(200));
    }

    /** SIGKILL: nothing is committed, and the group notices only when the session times out. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, as an orchestrator stops it. */
    void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** SIGSTOP, then SIGCONT: like a busy machine that does not schedule the process for a while. */
    void pause(Duration length) throws IOException, InterruptedException {
        signal("STOP");
        LockSupport.parkNanos(length.toNanos());
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Its log lines about hand-overs and about requests without a reply. */
    List<String> handOvers() throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains("partition") || line.contains("completed") || line.contains("commit"))
                .map(line -> port + " " + line)
                .toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private int get(String path) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
