package dev.ncwrelay.testkit.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.JWKSet;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JwksEndpointTest {
    private static final SigningKeys KEYS = SigningKeys.named("webhook-key", RsaAlgorithm.RS512);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final JwksEndpoint jwks = new JwksEndpoint(KEYS, "/jwks.json");
    private final LocalServer server = LocalServer.bind(0, new Interruptions(), (_, action) -> action.run());

    @BeforeEach
    void serve() {
        server.serve(List.of(jwks.route()), _ -> Answer.reply(404, "text/plain", Bytes.empty()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void keys_areServedWithTheDocumentedHeaders() throws Exception {
        var response = get().join();

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=3600, s-maxage=3600");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(JWKSet.parse(response.body()).getKeyByKeyId(KEYS.current().kid()))
                .isNotNull();
        assertThat(jwks.requests()).isOne();
    }

    @Test
    void cacheControl_canBeChosen() {
        jwks.cacheControl("no-store");

        assertThat(get().join().headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void failure_lastsUntilRecovery() {
        jwks.fail(503);
        assertThat(get().join().statusCode()).isEqualTo(503);
        assertThat(get().join().statusCode()).isEqualTo(503);

        jwks.recover();

        assertThat(get().join().statusCode()).isEqualTo(200);
        assertThat(jwks.requests()).isEqualTo(3);
    }

    @Test
    void answerWith_servesAnything() {
        jwks.answerWith(Answer.reply(200, "application/json", Bytes.utf8("{\"keys\":7}")));

        assertThat(get().join().body()).isEqualTo("{\"keys\":7}");
    }

    @Test
    void stall_lastsUntilRecovery() {
        jwks.stall();
        var call = get();
        await().until(() -> jwks.requests() == 1);
        assertThat(call).isNotDone();

        jwks.recover();

        assertThat(call)
                .succeedsWithin(Duration.ofMinutes(1))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(200);
    }

    private CompletableFuture<HttpResponse<String>> get() {
        var uri = URI.create(server.url() + jwks.path());
        return HTTP.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
