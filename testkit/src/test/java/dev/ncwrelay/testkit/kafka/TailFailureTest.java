package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.process.EndedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the thread of a tail ends. */
@Tag("kafka")
class TailFailureTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final SharedStack STACK = SharedStack.get();

    @BeforeAll
    static void removeADevice() throws Exception {
        try (var producer = new KafkaProducer<String, byte[]>(STACK.connection().producer("tail-failure"))) {
            producer.send(new ProducerRecord<>(Topics.DEVICES.name(), "removed", null))
                    .get();
        }
    }

    @Test
    void error_endsTheProcess(@TempDir Path folder) throws Exception {
        var process = EndedProcess.of(
                folder.resolve("log"),
                FailingTail.class,
                STACK.connection().bootstrapServers(),
                Integer.toString(STACK.connection().partitions()));

        assertThat(process.exitValue()).isEqualTo(CriticalThread.EXIT_CODE);
        assertThat(process.output()).contains("the process ends", "StackOverflowError: injected");
    }

    @Test
    void failure_isReportedWhenTheThreadEnds() {
        // Given
        var reading = new CompletableFuture<Thread>();
        try (var tail = TopicTail.start(
                Topics.DEVICES,
                new TailStart.Beginning(),
                STACK.connection(),
                "ended-tail",
                STACK.codec(),
                _ -> {},
                (_, _) -> reading.complete(Thread.currentThread()))) {
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(tail.isCaughtUp()).isTrue());
            assertThat(tail.failure()).isEmpty();
            var reader = reading.join();
            assertThat(CriticalThread.isCritical(reader)).isTrue();

            // When
            reader.interrupt();

            // Then
            await().atMost(TIMEOUT)
                    .untilAsserted(
                            () -> assertThat(tail.failure()).hasValue("the thread that reads ncw.devices has ended"));
        }
    }

    /** A service that stops during an outage closes its tails one after the other. */
    @Test
    void close_doesNotWaitForKafka() throws Exception {
        // Given
        var unreachable = KafkaConnection.to(
                "127.0.0.1:" + FreePort.next(), STACK.connection().partitions());
        var tail = TopicTail.start(
                Topics.DEVICES,
                new TailStart.Beginning(),
                unreachable,
                "unreachable-tail",
                STACK.codec(),
                _ -> {},
                (_, _) -> {});
        var reader = threadNamed("tail ncw.devices", "KafkaConsumer");

        // When
        tail.close();

        // Then
        assertThat(reader.isAlive()).isFalse();
    }

    /** The thread of this name, once it is in a method of this class. */
    private static Thread threadNamed(String name, String className) {
        return await().atMost(TIMEOUT)
                .until(
                        () -> Thread.getAllStackTraces().entrySet().stream()
                                .filter(thread -> thread.getKey().getName().equals(name))
                                .filter(thread -> Arrays.stream(thread.getValue())
                                        .anyMatch(frame -> frame.getClassName().endsWith(className)))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow()
                .getKey();
    }
}
