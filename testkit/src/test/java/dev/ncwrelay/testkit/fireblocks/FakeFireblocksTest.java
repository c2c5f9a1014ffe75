package dev.ncwrelay.testkit.fireblocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ncwrelay.testkit.samples.Samples;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

final class FakeFireblocksTest {

    @Test
    void webhook_isVerifiedByTheKeysThatAreServed() throws Exception {
        try (var fireblocks = FakeFireblocks.start()) {
            var body = Samples.v2("embedded_wallet.created").bytes();

            var signature = fireblocks.webhooks().sign(body).getOrDefault("Fireblocks-Webhook-Signature", "");

            var jws = JWSObject.parse(signature, new Payload(body));
            var keys = JWKSet.parse(get(fireblocks.jwksUri()).body());
            var key = keys.getKeyByKeyId(jws.getHeader().getKeyID()).toRSAKey();
            assertThat(jws.verify(new RSASSAVerifier(key))).isTrue();
        }
    }

    @Test
    void unknownRoute_isAnsweredAsByFireblocks() throws Exception {
        try (var fireblocks = FakeFireblocks.start()) {
            var uri = fireblocks.url().resolve("/v1/wallets/w-1/devices/d-1/rpc?x=1");
            var request = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();

            var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body())
                    .isEqualTo(
                            "{\"errorCode\":\"UNKNOWN\",\"errorMessage\":\"Cannot POST /v1/wallets/w-1/devices/d-1/rpc\"}");
        }
    }

    @Test
    void start_onAPortInUse_namesThePort() {
        try (var fireblocks = FakeFireblocks.start()) {
            var settings = FakeFireblocks.settings().port(fireblocks.url().getPort());

            assertThatThrownBy(settings::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.1:" + fireblocks.url().getPort());
        }
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }
}
