package dev.ncwrelay.kafka.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SendQueueTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final SendQueue queue = SendQueue.start();
    private final CountDownLatch brokersAreAway = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final List<Integer> sent = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        brokersAreAway.countDown();
        queue.close();
    }

    @Test
    void add_returnsWhileTheProducerBlocks_andKeepsTheOrder() throws InterruptedException {
        block();

        var written = IntStream.range(0, 100).mapToObj(this::add).toList();
        assertThat(sent).isEmpty();
        brokersAreAway.countDown();

        assertThat(written).allSatisfy(one -> assertThat(one).succeedsWithin(SOON));
        assertThat(sent)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void add_beyondTheNumberOfRecords_failsAtOnce() throws InterruptedException {
        block();
        assertThat(IntStream.range(0, SendQueue.MAX_RECORDS).mapToObj(this::add))
                .noneMatch(CompletableFuture::isDone);

        assertThat(add(-1)).isCompletedExceptionally();
        assertThat(sent).isEmpty();
    }

    @Test
    void add_beyondTheBytes_failsAtOnce_andHasRoomLater() throws InterruptedException {
        block();
        int large = (int) (SendQueue.MAX_BYTES / 2);
        var first = add(1, large);
        var second = add(2, large);

        assertThat(add(3, 1))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);

        brokersAreAway.countDown();
        assertThat(first).succeedsWithin(SOON);
        assertThat(second).succeedsWithin(SOON);
        assertThat(add(4, large)).succeedsWithin(SOON);
    }

    @Test
    void record_whoseWriterHasGivenUp_isNotSent() throws InterruptedException {
        block();
        var givenUp = new CompletableFuture<Integer>();
        queue.add(1, givenUp, () -> sent.add(1));
        givenUp.cancel(false);
        brokersAreAway.countDown();

        assertThat(add(2)).succeedsWithin(SOON);
        assertThat(sent).containsExactly(2);
    }

    private CompletableFuture<Integer> add(int number) {
        return add(number, 1);
    }

    private CompletableFuture<Integer> add(int number, int size) {
        var written = new CompletableFuture<Integer>();
        queue.add(size, written, () -> {
            sent.add(number);
            written.complete(number);
        });
        return written;
    }

    /** Takes the place of a producer that waits for the brokers. */
    private void block() throws InterruptedException {
        queue.add(0, new CompletableFuture<Integer>(), () -> {
            blocked.countDown();
            awaitBrokers();
        });
        blocked.await();
    }

    private void awaitBrokers() {
        try {
            brokersAreAway.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
