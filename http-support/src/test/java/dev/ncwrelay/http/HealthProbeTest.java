package dev.ncwrelay.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As a container runs it: a process with the class alone. */
class HealthProbeTest {

    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/not-ready", exchange -> {
            var body = "{\"cause\":\"Kafka\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void ready_endsWithZeroAndPrintsNothing() throws Exception {
        var probe = run("/ready");

        assertThat(output(probe)).isEmpty();
        assertThat(probe.exitValue()).isZero();
    }

    @Test
    void notReady_endsWithOneAndPrintsTheCause() throws Exception {
        var probe = run("/not-ready");

        assertThat(output(probe)).contains("503").contains("{\"cause\":\"Kafka\"}");
        assertThat(probe.exitValue()).isOne();
    }

    @Test
    void nothingListens_endsWithOneAndSaysSo() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);

        assertThat(HealthProbe.ask(URI.create("http://127.0.0.1:" + port + "/ready")))
                .contains("ConnectException");
    }

    private Process run(String path) throws Exception {
        var classes = Path.of(HealthProbe.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classes.toString(),
                        HealthProbe.class.getName(),
                        "http://127.0.0.1:" + server.getAddress().getPort() + path)
                .redirectErrorStream(true)
                .start();
    }

    private static String output(Process process) throws Exception {
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return output;
    }
}
