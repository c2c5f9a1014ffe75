package dev.ncwrelay.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.RawConnection.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clients that poll again at once while the node stops. */
@Tag("kafka")
class ShutdownDrainTest {

    private static final int POLLERS = 200;

    private static final List<String> PATHS =
            List.of("/v1/devices/%s/messages?wait=50", "/api/devices/%s/messages?timeout=20");

    @Test
    void clients_pollAtMostTwiceWhileTheNodeDrains() throws Exception {
        try (var delivery = RunningDelivery.start(
                        "relay.delivery.wait.drain=1s", "relay.delivery.wait.per-device=" + POLLERS);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            // Given
            var device = delivery.device();
            var pollers = IntStream.range(0, POLLERS)
                    .mapToObj(one ->
                            new Poller(delivery, PATHS.get(one % PATHS.size()).formatted(device)))
                    .toList();
            var loops = pollers.stream().map(threads::submit).toList();
            delivery.awaitHeld(POLLERS);

            // When
            delivery.stop();

            // Then: the first request of each was sent before.
            join(loops);
            assertThat(pollers).allSatisfy(poller -> {
                assertThat(poller.sent.get() - 1).isLessThanOrEqualTo(2);
                assertThat(poller.answers).isNotEmpty().allSatisfy(answer -> {
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.headers()).containsEntry("Connection", "close");
                    assertThat(answer.headers()).containsEntry("Retry-After", "1");
                });
            });
        }
    }

    private static void join(List<? extends Future<?>> loops) throws InterruptedException, ExecutionException {
        for (var loop : loops) {
            loop.get();
        }
    }

    /** Connects and polls repeatedly until the connection is refused. */
    private static final class Poller implements Runnable {

        private final String token;
        private final String path;
        private final int port;
        private final List<Answer> answers = new CopyOnWriteArrayList<>();
        private final AtomicInteger sent = new AtomicInteger();

        private Poller(RunningDelivery delivery, String path) {
            this.token = delivery.token(RunningDelivery.USER);
            this.path = path;
            this.port = delivery.port();
        }

        @Override
        public void run() {
            try {
                while (true) {
                    try (var connection = RawConnection.open(port, token)) {
                        var request = connection.get(path);
                        sent.incrementAndGet();
                        answers.add(request.answer());
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                // The node is gone.
            }
        }
    }
}
