package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.delivery.RunningDelivery.Reply;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tokens that are registered on two nodes at once. */
@Tag("kafka")
@Tag("brokers")
class FcmNodesTest {

    private static final int LIMIT = 10;

    /** At the limit, concurrent requests may register more tokens than it; every confirmed one stays. */
    @Test
    void concurrentTokens_onTwoNodes_areNotLost_andSurviveARestart() {
        try (var first = RunningDelivery.start("relay.delivery.channel.fcm.enabled=true");
                var second = RunningDelivery.startBeside(
                        first,
                        "relay.delivery.channel.fcm.enabled=true",
                        "relay.delivery.mailbox.state-dir=target/mailbox-of-second")) {
            // Given
            var path = "/v1/devices/" + first.device() + "/channels/fcm";
            await().untilAsserted(() -> assertThat(second.get(path).status()).isEqualTo(200));

            // When
            var answers = IntStream.rangeClosed(0, LIMIT)
                    .mapToObj(token -> putOn(token % 2 == 0 ? first : second, path, "token-" + token))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            // Then
            var confirmed = answers.stream()
                    .filter(answer -> answer.status() == 201)
                    .map(answer -> answer.json().path("name").asString())
                    .collect(Collectors.toSet());
            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(201, 409));
            assertThat(confirmed).hasSizeGreaterThanOrEqualTo(LIMIT);
            await().untilAsserted(
                            () -> assertThat(FcmFlowTest.namesOn(first, path)).isEqualTo(confirmed));
            await().untilAsserted(
                            () -> assertThat(FcmFlowTest.namesOn(second, path)).isEqualTo(confirmed));
            var before = first.get(path).json();
            first.restart();
            assertThat(first.get(path).json()).isEqualTo(before);
        }
    }

    private static CompletableFuture<Reply> putOn(RunningDelivery node, String path, String token) {
        return node.send(node.request("PUT", path, FcmFlowTest.body(token), node.token(RunningDelivery.USER))
                .build());
    }
}
