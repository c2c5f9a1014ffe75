package dev.ncwrelay.channel.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.client.http.GenericUrl;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.TimerDelay;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FcmTransportTest {

    @Test
    void request_doesNotAskForCompression() throws Exception {
        try (var timer = new TimerDelay("server");
                var server = LocalServer.bind(0, new Interruptions(), timer);
                var transport = new FcmTransport(null)) {
            server.serve(
                    List.of(),
                    request -> Answer.json(
                            200,
                            Map.of("encoding", request.header("Accept-Encoding").orElse("none"))));

            var response = transport
                    .createRequestFactory()
                    .buildGetRequest(new GenericUrl(server.url().toString()))
                    .execute();

            assertThat(response.parseAsString()).isEqualTo("{\"encoding\":\"none\"}");
        }
    }
}
