package dev.ncwrelay.ingress.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

    /** Spring commits the records of a failed batch after its error handler, unless that forbids it. */
    @Test
    void failureOfTheListener_commitsNoOffset() throws Exception {
        // Given
        var kafka = SharedStack.get().connection();
        var listener = new FailingReader();
        try (var admin = Admin.create(kafka.admin("redrive-container-test"));
                var producer = new KafkaProducer<String, byte[]>(kafka.producer("redrive-container-test"));
                var container = new RedriveContainer(kafka, listener)) {
            for (int partition = 0; partition < kafka.partitions(); partition++) {
                var topic = Topics.WALLET_UNROUTED.name();
                var marker = new ProducerRecord<String, byte[]>(topic, partition, "wallet", null);
                producer.send(marker).get();
            }

            // When
            container.start();
            await().atMost(TIMEOUT).until(() -> listener.batches.get() > 1);

            // Then
            var offsets = admin.listConsumerGroupOffsets("ncw-ingress-redrive");
            var committed = offsets.partitionsToOffsetAndMetadata().get();
            assertThat(committed).isEmpty();
        }
    }

    /** Reads from the beginning, and fails at the first records. */
    private static final class FailingReader implements RedriveContainer.Listener {

        final AtomicInteger batches = new AtomicInteger();

        @Override
        public void assigned(Collection<TopicPartition> partitions, Consumer<?, ?> consumer) {
            consumer.seekToBeginning(partitions);
        }

        @Override
        public void revoked(Collection<TopicPartition> partitions) {}

        @Override
        public void polled(List<ConsumerRecord<String, byte[]>> records, Consumer<?, ?> consumer) {
            if (!records.isEmpty() && batches.incrementAndGet() == 1) {
                throw new IllegalStateException("injected");
            }
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
