package dev.ncwrelay.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.local.layout.RunFolder;
import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {

    @TempDir
    private Path folder;

    private int port;
    private ManagedProcess process;

    @BeforeEach
    void create() throws IOException {
        Files.writeString(folder.resolve("thing.jar"), "first build");
        port = FreePort.next();
        process = process("echo $GREETING; exec sleep 60");
    }

    @AfterEach
    void kill() {
        process.kill();
    }

    @Test
    void start_runsTheCommandWithItsEnvironmentAndLog() {
        process.start();

        await().untilAsserted(() -> assertThat(process.lastLines()).isEqualTo("hello"));
        assertThat(process.running()).isPresent();
    }

    @Test
    void start_twiceStartsOneProcess() {
        process.start();
        var first = process.running().orElseThrow().pid();

        process.start();

        assertThat(process.running().orElseThrow().pid()).isEqualTo(first);
    }

    @Test
    void running_findsTheProcessOfAnEarlierCommand() {
        process.start();

        assertThat(process("unused").running()).isPresent();
    }

    @Test
    void process_isOutdatedOnceItsFileIsBuiltAgain_untilItsNextStart() throws IOException {
        process.start();
        assertThat(process.isOutdated()).isFalse();

        var jar = folder.resolve("thing.jar");
        var time = Files.getLastModifiedTime(jar);
        Files.writeString(jar, Files.readString(jar).replace("first", "other"));
        Files.setLastModifiedTime(jar, time);
        assertThat(process("unused").isOutdated()).isTrue();

        process.stop();
        assertThat(process.isOutdated()).isFalse();
        process.start();
        assertThat(process.isOutdated()).isFalse();
    }

    @Test
    void process_withOtherSettings_isOutdated() {
        process.start();
        var component = process.component();

        var changed = new Component(
                component.name(),
                component.port(),
                component.command(),
                Map.of("GREETING", "good evening"),
                component.builtFile(),
                component.probe(),
                component.grace());

        assertThat(new ManagedProcess(changed, new RunFolder(folder)).isOutdated())
                .isTrue();
    }

    @Test
    void hasCrashed_afterAnExitWithoutStop_isTrue() {
        process.start();
        process.running().orElseThrow().destroyForcibly();

        await().untilAsserted(() -> assertThat(process.hasCrashed()).isTrue());
    }

    @Test
    void hasCrashed_afterStop_isFalse() {
        process.start();

        process.stop();

        assertThat(process.running()).isEmpty();
        assertThat(process.hasCrashed()).isFalse();
    }

    @Test
    void start_onAPortInUse_namesThePort() throws Exception {
        try (var other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(other.isBound()).isTrue();
            assertThatThrownBy(process::start)
                    .isInstanceOf(PortInUseException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("thing");
        }
    }

    @Test
    void running_ofAReusedPid_isEmpty() throws Exception {
        process.start();
        var file = new RunFolder(folder).pid("thing");
        var written = Files.readString(file);

        Files.writeString(file, written.split(" ", -1)[0] + " 1000");
        assertThat(process.running()).isEmpty();

        Files.writeString(file, written);
        assertThat(process.running()).isPresent();
    }

    /** A zombie stays in the process table, as with an init process that does not reap. */
    @Test
    void running_ofAZombie_isEmpty() throws Exception {
        // Given
        var parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
        try (var said = parent.inputReader()) {
            var child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            new ProcessFile(new RunFolder(folder).pid("thing")).write(child, "-");
            assertThat(process.running()).isPresent();

            // When
            child.destroyForcibly();

            // Then
            assertThat(process.running()).isEmpty();
            assertThat(child.isAlive()).isTrue();
            process.start();
            assertThat(process.running().orElseThrow().pid()).isNotEqualTo(child.pid());
        } finally {
            parent.destroyForcibly();
        }
    }

    /** A stop must not wait for it either. */
    @Test
    void stop_ofAZombie_returns() throws Exception {
        // Given
        var parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; exec sleep 60").start();
        try (var said = parent.inputReader()) {
            var child = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            new ProcessFile(new RunFolder(folder).pid("thing")).write(child, "-");

            // When
            var stop = CompletableFuture.runAsync(process::stop);

            // Then
            assertThat(stop).succeedsWithin(Duration.ofSeconds(30));
            assertThat(process.running()).isEmpty();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void stop_afterTheGrace_killsTheProcess() {
        process = process("trap '' TERM; echo ready; while :; do sleep 1; done", Duration.ofMillis(200));
        process.start();
        await().untilAsserted(() -> assertThat(process.lastLines()).isEqualTo("ready"));
        var handle = process.running().orElseThrow();

        process.stop();

        // Its exit code may be left for this JVM to fetch.
        assertThat(ProcessEnd.isOver(handle)).isTrue();
        assertThat(process.lastLines()).isEqualTo("ready");
    }

    @Test
    void stop_waitsForTheProcess() throws Exception {
        var finish = folder.resolve("finish");
        process = process(
                "trap 'while [ ! -e %s ]; do sleep 0.1; done; echo finished; exit' TERM; echo ready; ".formatted(finish)
                        + "while :; do sleep 0.1; done");
        process.start();
        await().untilAsserted(() -> assertThat(process.lastLines()).isEqualTo("ready"));

        var stop = CompletableFuture.runAsync(process::stop);
        Files.createFile(finish);

        assertThat(stop).succeedsWithin(Duration.ofMinutes(1));
        assertThat(process.lastLines()).isEqualTo("ready\nfinished");
    }

    private ManagedProcess process(String script) {
        return process(script, Duration.ofMinutes(1));
    }

    private ManagedProcess process(String script, Duration grace) {
        return new ManagedProcess(
                new Component(
                        "thing",
                        port,
                        List.of("sh", "-c", script),
                        Map.of("GREETING", "hello"),
                        folder.resolve("thing.jar"),
                        () -> true,
                        grace),
                new RunFolder(folder));
    }
}
