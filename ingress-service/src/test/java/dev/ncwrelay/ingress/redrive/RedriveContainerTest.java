package dev.ncwrelay.ingress.redrive;

import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kafka")
class RedriveContainerTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    /** Spring retries such an exception of its own consumer without calling the error handler. */
    @Test
    void authorizationFailureOfTheListener_assignsAllPartitionsAgain() {
        var listener = new FailingListener(new TopicAuthorizationException("injected"));
        try (var container = new RedriveContainer(SharedStack.get().connection(), listener)) {
            container.start();

            await().atMost(TIMEOUT).until(() -> listener.assignedAfterFailure.get() > 0);
        }
    }

    /** Fails once, at the first poll with partitions that returns no records. */
    private static final class FailingListener implements RedriveContainer.Listener {

        final AtomicInteger assignedAfterFailure = new AtomicInteger();
        private final RuntimeException failure;
        private final AtomicBoolean failed = new AtomicBoolean();

        FailingListener(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public void assigned(Collection<TopicPartition> partitions, Consumer<?, ?> consumer) {
            if (failed.get()) {
                assignedAfterFailure.incrementAndGet();
            }
            consumer.seekToEnd(partitions);
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {}

        @Override
        public void polled(List<ConsumerRecord<String, byte[]>> records, Consumer<?, ?> consumer) {
            if (records.isEmpty() && !consumer.assignment().isEmpty() && failed.compareAndSet(false, true)) {
                throw failure;
            }
        }
    }
}
