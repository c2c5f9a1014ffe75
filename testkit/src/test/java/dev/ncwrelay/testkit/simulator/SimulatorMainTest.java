package dev.ncwrelay.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The simulator as a process. */
final class SimulatorMainTest {

    @Test
    void main_printsThatItIsReady_andEndsOnRequest() throws Exception {
        var process = launch("--port=0");
        try (var output = process.inputReader()) {
            var line = output.readLine();
            assertThat(line)
                    .matches(
                            "simulator ready on http://127\\.0\\.0\\.1:\\d+, webhooks go to http://127\\.0\\.0\\.1:8081/.*");

            var url = URI.create(line.replaceAll(".*ready on ([^,]*),.*", "$1") + "/simulator/health");
            var health =
                    HttpClient.newHttpClient().send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
            assertThat(health.statusCode()).isEqualTo(200);

            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void main_withAnInvalidSetting_endsAndNamesIt() throws Exception {
        var process = launch("--prot=1");
        try (var output = process.inputReader()) {
            assertThat(output.readLine()).startsWith("simulator: unknown setting --prot");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process launch(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SimulatorMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
