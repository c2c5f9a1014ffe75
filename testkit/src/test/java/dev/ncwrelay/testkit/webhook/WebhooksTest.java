package dev.ncwrelay.testkit.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.ncwrelay.testkit.http.Abort;
import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Bytes;
import dev.ncwrelay.testkit.http.Interruptions;
import dev.ncwrelay.testkit.http.LocalServer;
import dev.ncwrelay.testkit.http.ManualDelay;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import dev.ncwrelay.testkit.keys.RsaAlgorithm;
import dev.ncwrelay.testkit.keys.SigningKey;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebhooksTest {
    private static final SigningKey JWS_KEY = SigningKey.generate("webhook-key-1");
    private static final SigningKey LEGACY_KEY = SigningKey.generate("legacy-key-1");
    private static final byte[] BODY =
            WebhookBody.v2("embedded_wallet.created").walletId("Zoë").bytes();

    private final ManualDelay pauses = new ManualDelay();
    private final LocalServer receiver = LocalServer.bind(0, new Interruptions(), (_, action) -> action.run());
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Webhooks webhooks = Webhooks.using(client, pauses, Clock.systemUTC(), () -> JWS_KEY, () -> LEGACY_KEY)
            .to(URI.create(receiver.url() + "/hook"));

    @BeforeEach
    void serve() {
        receiver.serve(List.of(Route.of("POST", "/hook", this::receive)), _ -> status(404));
    }

    @AfterEach
    void stop() {
        receiver.close();
        client.shutdownNow();
    }

    @Test
    void send_postsTheBytesWithADetachedJws() throws Exception {
        var delivery = webhooks.send(BODY).join();

        var request = received.remove();
        assertThat(delivery.completed()).isTrue();
        assertThat(delivery.status()).isEqualTo(200);
        assertThat(delivery.attempts()).hasSize(1);
        assertThat(request.body()).isEqualTo(Bytes.of(BODY)).isEqualTo(delivery.body());
        assertThat(request.header("Content-Type")).hasValue("application/json");
        assertThat(request.header("Fireblocks-Signature")).isEmpty();
        var jws = JWSObject.parse(request.header("Fireblocks-Webhook-Signature").orElseThrow(), new Payload(BODY));
        assertThat(jws.getHeader().getKeyID()).isEqualTo("webhook-key-1");
        assertThat(jws.verify(new RSASSAVerifier(JWS_KEY.publicKey()))).isTrue();
    }

    @Test
    void jws_isVerifiedByTheJdk() throws Exception {
        var jws = webhooks.sign(BODY).getOrDefault("Fireblocks-Webhook-Signature", "");

        var parts = jws.split("\\.", -1);
        var signedText =
                parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(BODY);
        assertThat(parts).hasSize(3);
        assertThat(parts[1]).isEmpty();
        assertThat(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8))
                .isEqualTo("{\"alg\":\"RS512\",\"kid\":\"webhook-key-1\"}");
        var signature = Base64.getUrlDecoder().decode(parts[2]);
        assertThat(verifies(JWS_KEY, signedText.getBytes(StandardCharsets.US_ASCII), signature))
                .isTrue();
    }

    @Test
    void legacySignature_isVerifiedByTheJdk() throws Exception {
        var headers = webhooks.signing(SignatureMode.LEGACY).sign(BODY);

        assertThat(headers).containsOnlyKeys("Fireblocks-Signature");
        var signature = Base64.getDecoder().decode(headers.getOrDefault("Fireblocks-Signature", ""));
        assertThat(verifies(LEGACY_KEY, BODY, signature)).isTrue();
    }

    @Test
    void bothSignatures_areSentTogether() {
        webhooks.signing(SignatureMode.BOTH).send(BODY).join();

        var request = received.remove();
        assertThat(request.header("Fireblocks-Signature")).isPresent();
        assertThat(request.header("Fireblocks-Webhook-Signature")).isPresent();
    }

    @Test
    void send_withOtherKeys_signsWithThem() throws Exception {
        var other = SigningKey.generate("webhook-key-1");
        var forged = webhooks.signing(SignatureMode.BOTH).signedBy(other).legacySignedBy(other);

        var headers = forged.sign(BODY);

        var jws = JWSObject.parse(headers.getOrDefault("Fireblocks-Webhook-Signature", ""), new Payload(BODY));
        assertThat(jws.verify(new RSASSAVerifier(JWS_KEY.publicKey()))).isFalse();
        assertThat(jws.verify(new RSASSAVerifier(other.publicKey()))).isTrue();
        var legacy = Base64.getDecoder().decode(headers.getOrDefault("Fireblocks-Signature", ""));
        assertThat(RsaAlgorithm.RS512.verifies(LEGACY_KEY.publicKey(), BODY, legacy))
                .isFalse();
        assertThat(RsaAlgorithm.RS512.verifies(other.publicKey(), BODY, legacy)).isTrue();
    }

    @Test
    void failedAttempts_areRepeatedOnSchedule_withTheSameBytes() {
        answers.addAll(List.of(status(503), status(429), new Answer.Cut(Abort.RESET, Duration.ZERO), status(408)));

        var delivery = webhooks.retrying(RetrySchedule.v2()).send(BODY);
        for (int failed = 1; failed <= 4; failed++) {
            await().until(() -> pauses.pending() == 1);
            assertThat(delivery.attempts()).hasSize(failed);
            assertThat(delivery.now().state()).isEqualTo(Delivery.State.IN_PROGRESS);
            pauses.runNext();
        }

        var end = delivery.join();
        assertThat(end.completed()).isTrue();
        assertThat(end.attempts()).extracting(Attempt::number).containsExactly(1, 2, 3, 4, 5);
        assertThat(end.attempts().get(2).result()).isInstanceOf(Attempt.Result.NoResponse.class);
        assertThat(pauses.asked())
                .containsExactlyElementsOf(RetrySchedule.v2().pauses().subList(0, 4));
        assertThat(received).hasSize(5).allMatch(request -> request.body().equals(Bytes.of(BODY)));
    }

    @Test
    void delivery_failsAfterTheTenthAttempt() {
        for (int i = 0; i < 10; i++) {
            answers.add(status(500));
        }

        var delivery = webhooks.retrying(RetrySchedule.v2()).send(BODY);
        for (int pause = 1; pause <= 9; pause++) {
            await().until(() -> pauses.pending() == 1);
            pauses.runNext();
        }

        var end = delivery.join();
        assertThat(end.state()).isEqualTo(Delivery.State.FAILED);
        assertThat(end.status()).isEqualTo(500);
        assertThat(end.attempts()).hasSize(10);
        assertThat(pauses.asked()).isEqualTo(RetrySchedule.v2().pauses());
    }

    @Test
    void rejectedWebhook_isNotRepeated() {
        answers.add(status(401));

        var end = webhooks.retrying(RetrySchedule.v2()).send(BODY).join();

        assertThat(end.state()).isEqualTo(Delivery.State.FAILED);
        assertThat(end.attempts()).hasSize(1);
        assertThat(pauses.asked()).isEmpty();
    }

    @Test
    void receiverWithoutResponse_timesOut() {
        var silent = Webhooks.using(client, pauses, Clock.systemUTC(), () -> JWS_KEY, () -> LEGACY_KEY)
                .responseTimeout(Duration.ofMillis(200));
        var unserved = LocalServer.bind(0, new Interruptions(), pauses);
        try {
            var end = silent.to(unserved.url()).send(BODY).join();

            assertThat(end.attempts().getFirst().result()).isEqualTo(new Attempt.Result.TimedOut());
            assertThat(end.status()).isZero();
        } finally {
            unserved.close();
        }
    }

    @Test
    void unreachableReceiver_isNoResponse() {
        receiver.close();

        var end = webhooks.send(BODY).join();

        assertThat(end.attempts().getFirst().result()).isInstanceOf(Attempt.Result.NoResponse.class);
    }

    @Test
    void first_completesWhileTheDeliveryContinues() {
        answers.add(status(503));

        var delivery = webhooks.retrying(RetrySchedule.v2()).send(BODY);

        assertThat(delivery.first().join().result()).isEqualTo(new Attempt.Result.Answered(503, "status 503"));
        assertThat(delivery.end()).isNotDone();
    }

    @Test
    void send_withoutTarget_fails() {
        var nowhere = Webhooks.using(client, pauses, Clock.systemUTC(), () -> JWS_KEY, () -> LEGACY_KEY);

        assertThatThrownBy(() -> nowhere.send(BODY)).hasMessageContaining("to(uri)");
    }

    private Answer receive(Received request) {
        received.add(request);
        var answer = answers.poll();
        return answer == null ? status(200) : answer;
    }

    private static Answer status(int status) {
        return Answer.reply(status, "text/plain", Bytes.utf8("status " + status));
    }

    private static boolean verifies(SigningKey key, byte[] content, byte[] signature) throws Exception {
        var verifier = Signature.getInstance("SHA512withRSA");
        verifier.initVerify(key.publicKey());
        verifier.update(content);
        return verifier.verify(signature);
    }
}
