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

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SendQueue queue = SendQueue.start();
    private final CountDownLatch unblock = new CountDownLatch(1);
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final List<Integer> sent = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        unblock.countDown();
        queue.close();
    }

    @Test
    void add_returnsWhileTheProducerBlocks_andKeepsTheOrder() throws InterruptedException {
        block();

        var written = IntStream.range(0, 100).mapToObj(this::add).toList();
        assertThat(sent).isEmpty();
        unblock.countDown();

        assertThat(written).allSatisfy(one -> assertThat(one).succeedsWithin(TIMEOUT));
        assertThat(sent)
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void add_beyondTheMaximumOfEntries_failsAtOnce() throws InterruptedException {
        block();
        assertThat(IntStream.range(0, SendQueue.MAX_ENTRIES).mapToObj(this::add))
                .noneMatch(CompletableFuture::isDone);

        assertThat(add(-1)).isCompletedExceptionally();
        assertThat(sent).isEmpty();
    }

    @Test
    void add_beyondTheMaximumOfBytes_failsUntilEntriesAreSent() throws InterruptedException {
        block();
        int large = (int) (SendQueue.MAX_BYTES / 2);
        var first = add(1, large);
        var second = add(2, large);

        assertThat(add(3, 1))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);

        unblock.countDown();
        assertThat(first).succeedsWithin(TIMEOUT);
        assertThat(second).succeedsWithin(TIMEOUT);
        assertThat(add(4, large)).succeedsWithin(TIMEOUT);
    }

    @Test
    void add_completedByItsWriter_isNotSent() throws InterruptedException {
        block();
        var cancelled = new CompletableFuture<Integer>();
        queue.add(1, cancelled, () -> sent.add(1));
        cancelled.cancel(false);
        unblock.countDown();

        assertThat(add(2)).succeedsWithin(TIMEOUT);
        assertThat(sent).containsExactly(2);
    }

    @Test
    void close_sendsWhatWaits_andRejectsFurtherEntries() throws InterruptedException {
        block();
        var waiting = add(1);

        queue.close();
        unblock.countDown();

        assertThat(waiting).succeedsWithin(TIMEOUT);
        assertThat(add(2)).isCompletedExceptionally();
    }

    @Test
    void closeNow_failsWhatWaits_andRejectsFurtherEntries() throws InterruptedException {
        block();
        var waiting = add(1);

        queue.closeNow();

        assertThat(waiting)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class)
                .withMessageContaining("shutting down");
        assertThat(add(2)).isCompletedExceptionally();
        assertThat(sent).isEmpty();
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

    /** Blocks the queue's thread, as a producer without metadata does. */
    private void block() throws InterruptedException {
        queue.add(0, new CompletableFuture<Integer>(), () -> {
            blocked.countDown();
            awaitUnblock();
        });
        blocked.await();
    }

    private void awaitUnblock() {
        try {
            unblock.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
