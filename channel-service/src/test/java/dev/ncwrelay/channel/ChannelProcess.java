package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service as a process of its own, which can be killed. */
final class ChannelProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    private final Process process;
    private final int management;

    private ChannelProcess(Process process, int management) {
        this.process = process;
        this.management = management;
    }

    /** Starts it without waiting. */
    static ChannelProcess begin(FakeFireblocks fireblocks, List<String> settings, Path folder) throws IOException {
        int management = FreePort.next();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                // A tenth of the processor's time that a start takes.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                ChannelApplication.class.getName(),
                "--server.port=" + FreePort.next(),
                "--management.server.port=" + management));
        command.addAll(RunningChannel.arguments(fireblocks, SharedStack.get().connection()));
        command.addAll(settings);
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service-" + management + ".log").toFile())
                .start();
        return new ChannelProcess(process, management);
    }

    /** Waits until it is ready and forwards to this kind of channel. */
    ChannelProcess awaitReady(String kind) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(readiness())
                        .contains("\"" + kind + "\":\"up\"")
                        .endsWith("\"status\":\"UP\"}"));
        return this;
    }

    /** SIGKILL: nothing is committed, and the group notices only when the session times out. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String readiness() throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var url = URI.create("http://127.0.0.1:" + management + "/actuator/health/readiness");
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
