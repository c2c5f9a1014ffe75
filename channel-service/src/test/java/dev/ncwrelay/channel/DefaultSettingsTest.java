package dev.ncwrelay.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.net.FreePort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The service with what it requires and no kind of channel, while Kafka and the registry are unreachable. */
@Tag("kafka")
class DefaultSettingsTest {

    @Test
    void serviceWithoutKafka_starts_andIsNotReady() throws Exception {
        try (var context = new SpringApplicationBuilder(ChannelApplication.class)
                        .run(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--spring.kafka.bootstrap-servers=127.0.0.1:" + FreePort.next(),
                                "--relay.registry.url=http://127.0.0.1:" + FreePort.next(),
                                "--relay.channel.auth.issuer=issuer",
                                "--relay.channel.auth.jwks-url=http://127.0.0.1:1/keys",
                                "--relay.channel.cursor.keys=" + RunningChannel.CURSOR_KEY);
                var http = HttpClient.newHttpClient()) {
            var port = context.getEnvironment().getProperty("local.management.port");
            var url = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");

            var readiness = http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());

            assertThat(readiness.body())
                    .contains("\"relay\":{\"details\":{\"cause\":")
                    .endsWith("\"status\":\"DOWN\"}");
            assertThat(readiness.statusCode()).isEqualTo(503);
        }
    }
}
