package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.thread.VitalThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request that ends with an error does not go unnoticed. */
class RequestFailureTest {

    @Test
    void error_endsTheProcess(@TempDir Path folder) throws Exception {
        // Given
        var log = folder.resolve("log");
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FailingRequest.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();

        // When
        var ended = process.waitFor(1, TimeUnit.MINUTES);
        process.destroyForcibly();

        // Then
        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(process.exitValue()).isEqualTo(VitalThread.EXIT_CODE);
        assertThat(log).content().contains("the process ends", "LinkageError: injected");
    }
}
