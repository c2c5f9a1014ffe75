package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.kafka.tail.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On partitions whose records 0 to 4 have the times 1000 to 1004; of the first partition, 0 and 1 have expired. */
@Tag("kafka")
class LogReaderTest {

    private static final String TOPIC = "log-reader-test";
    private static final TopicPartition TRIMMED = new TopicPartition(TOPIC, 0);
    private static final TopicPartition WHOLE = new TopicPartition(TOPIC, 1);
    private static final SharedStack STACK = SharedStack.get();

    private final KafkaConsumer<String, byte[]> consumer =
            new KafkaConsumer<>(STACK.connection().shortLivedConsumer("log-reader-test"));
    private final LogReader reader = new LogReader(consumer);
    private final List<String> found = new ArrayList<>();

    @BeforeAll
    static void write() throws Exception {
        var kafka = STACK.connection();
        try (var admin = Admin.create(kafka.admin("log-reader-test"));
                var producer = new KafkaProducer<String, byte[]>(kafka.producer("log-reader-test"))) {
            // The broker would remove records of these times half a minute after its start.
            var topic = new NewTopic(TOPIC, 2, (short) 1).configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
            admin.createTopics(List.of(topic)).all().get();
            for (long time = 1000; time < 1005; time++) {
                for (var partition : List.of(TRIMMED, WHOLE)) {
                    producer.send(new ProducerRecord<>(TOPIC, partition.partition(), time, "key", new byte[1]))
                            .get();
                }
            }
            admin.deleteRecords(Map.of(TRIMMED, RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void read_beginsAtTheFirstRecordThatIsNotOlder() {
        reader.read(Map.of(TRIMMED, 0L, WHOLE, 1003L), record -> found.add(name(record)));

        assertThat(found).containsExactlyInAnyOrder("0/2", "0/3", "0/4", "1/3", "1/4");
    }

    @Test
    void read_ofATimeAfterAllRecords_findsNone() {
        reader.read(Map.of(WHOLE, 2000L), record -> found.add(name(record)));

        assertThat(found).isEmpty();
    }

    @Test
    void readAll_readsEveryRecord() {
        reader.readAll(List.of(TRIMMED, WHOLE), record -> found.add(name(record)));

        assertThat(found).containsExactlyInAnyOrder("0/2", "0/3", "0/4", "1/0", "1/1", "1/2", "1/3", "1/4");
    }

    @Test
    void first_isTheFirstRecordOfEachPartitionAtOrAfterTheOffset() {
        var first = reader.first(Map.of(TRIMMED, 0L, WHOLE, 4L));

        assertThat(first).hasSize(2);
        assertThat(first.get(TRIMMED)).extracting(ConsumerRecord::timestamp).isEqualTo(1002L);
        assertThat(first.get(WHOLE)).extracting(ConsumerRecord::timestamp).isEqualTo(1004L);
        assertThat(reader.first(Map.of())).isEmpty();
    }

    /** A reader may be used again: no partition stays paused. */
    @Test
    void first_andThenAll_readsEveryRecord() {
        reader.first(Map.of(WHOLE, 0L));

        reader.readAll(List.of(WHOLE), record -> found.add(name(record)));

        assertThat(found).hasSize(5);
    }

    @Test
    void at_readsTheRecordsInTheOrderGiven_withoutExpiredOnes() {
        assertThat(reader.at(TRIMMED, List.of(4L, 0L, 2L)))
                .extracting(LogReaderTest::name)
                .containsExactly("0/4", "0/2");
    }

    @Test
    void recordThatDoesNotArrive_endsTheReadWithATimeout() {
        var impatient = new LogReader(consumer, Duration.ofMillis(300));

        assertThatThrownBy(() -> impatient.at(WHOLE, List.of(5L))).isInstanceOf(TimeoutException.class);
    }

    private static String name(ConsumerRecord<?, ?> record) {
        return record.partition() + "/" + record.offset();
    }
}
