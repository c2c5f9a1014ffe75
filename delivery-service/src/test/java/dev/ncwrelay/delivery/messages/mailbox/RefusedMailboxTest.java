package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.kafka.LocalKafka;
import dev.ncwrelay.testkit.kafka.SharedStack;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A mailbox that a build without format versions has written. */
@Tag("kafka")
class RefusedMailboxTest {

    /** No other test has mailboxes of this generation. */
    private static final int GENERATION = 1_000_001;

    @TempDir
    private Path folder;

    @Test
    void mailboxOfABuildWithoutVersions_isRefusedAtStart_andNothingIsReadFromIt() throws Exception {
        // Given
        writeChangelog(ByteBuffer.allocate(4 * Long.BYTES).putLong(41).array());

        // When
        try (var streams = started()) {

            // Then
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(streams.stoppedReason())
                            .contains(new UnknownFormatException("progress", 0, 1).getMessage()));
            assertThat(streams.progress(0)).isEmpty();
            assertThat(streams.read(new MailboxQuery.Transactions("device", 0))).isEmpty();
        }
    }

    private MailboxStreams started() {
        var settings = new Binder(new MapConfigurationPropertySource(
                        Map.of("relay.delivery.mailbox.state-dir", folder.toString())))
                .bind("relay.delivery.mailbox", MailboxSettings.class)
                .get();
        var stack = SharedStack.get();
        return new MailboxStreams(
                stack.connection(),
                stack.codec(),
                settings,
                GENERATION,
                new HostInfo("localhost", 1),
                (_, _) -> Optional.empty(),
                _ -> Optional.empty());
    }

    private static void writeChangelog(byte[] progress) throws Exception {
        var kafka = SharedStack.get().connection();
        var name = MailboxStreams.needs(kafka, GENERATION).topics().getFirst().name();
        try (var admin = Admin.create(kafka.admin("refused-mailbox-test"));
                var producer = new KafkaProducer<String, byte[]>(kafka.producer("refused-mailbox-test"))) {
            var topic = new NewTopic(name, LocalKafka.PARTITIONS, (short) 1)
                    .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
            admin.createTopics(List.of(topic)).all().get();
            for (int partition = 0; partition < LocalKafka.PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>(name, partition, "z", progress))
                        .get();
            }
        }
    }
}
