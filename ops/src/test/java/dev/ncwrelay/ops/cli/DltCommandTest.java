package dev.ncwrelay.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.deadletter.DeadLetters;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.net.FreePort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dead letter, from its creation to its redrive. */
@Tag("kafka")
class DltCommandTest {

    private static final String TOPIC = Topics.RPC_REQUESTS.name();
    private static final byte[] GARBAGE = {0, 1, 2, (byte) 0xff};

    private final String device = "device-" + UUID.randomUUID();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String id = "";

    @BeforeEach
    void writeDeadLetter() throws ExecutionException, InterruptedException {
        var record = new ProducerRecord<String, byte[]>(TOPIC, 7, device, GARBAGE);
        record.headers().add("traceparent", "of the request".getBytes(StandardCharsets.UTF_8));
        try (var producer =
                new KafkaProducer<String, byte[]>(SharedStack.get().connection().producer("test"))) {
            var written = producer.send(record).get();
            var failed = read(written.partition(), written.offset());
            var letter = producer.send(DeadLetters.of(failed, "not in the wire format", Instant.now()))
                    .get();
            id = letter.topic() + "@" + letter.partition() + ":" + letter.offset();
        }
    }

    @Test
    void list_printsEachDeadLetterAndACountPerReason() {
        assertThat(relay("list", "--topic", TOPIC + ".dlt", "--since", "1h")).isZero();

        assertThat(out.toString())
                .containsPattern(id + ".* from " + TOPIC + "@7:\\d+ .*" + device + ".* 4 bytes  not in the wire format")
                .containsPattern("\\d+  " + TOPIC + ".dlt  not in the wire format");
    }

    @Test
    void list_ofAnotherReason_isEmpty() {
        assertThat(relay("list", "--reason", "no such reason")).isZero();

        assertThat(out.toString()).isEqualToIgnoringNewLines("No dead letters.");
    }

    @Test
    void show_printsThePayloadOnRequestOnly() {
        assertThat(relay("show", id)).isZero();
        assertThat(out.toString()).contains("ncw-reason", "of the request").doesNotContain("0x000102ff");

        assertThat(relay("show", id, "--payload")).isZero();
        assertThat(out.toString()).contains("0x000102ff");
    }

    @Test
    void redrive_sendsTheUnchangedRecordOnce() {
        // Given
        assertThat(relay("redrive", id)).isZero();
        assertThat(out.toString()).contains("would be redriven to " + TOPIC + ", partition 7", "Add --yes");

        // When
        assertThat(relay("redrive", id, "--yes")).isZero();

        // Then
        assertThat(out.toString()).containsPattern(id + "  redriven as " + TOPIC + "@7:\\d+");
        var back = read(7, Long.parseLong(out.toString().replaceAll("(?s).*redriven as [^:]*:(\\d+).*", "$1")));
        assertThat(back.key()).isEqualTo(device);
        assertThat(back.value()).isEqualTo(GARBAGE);
        assertThat(back.headers())
                .extracting(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .containsExactly("traceparent=of the request", "ncw-redriven-from=" + id);
        assertThat(relay("redrive", id, "--yes")).isZero();
        assertThat(out.toString()).contains("was already redriven");
    }

    /** A record without a value would be a tombstone. */
    @Test
    void redrive_withoutValue_fails() throws Exception {
        // Given
        try (var producer =
                new KafkaProducer<String, byte[]>(SharedStack.get().connection().producer("test"))) {
            var failed = new ConsumerRecord<String, byte[]>(TOPIC, 7, 3, device, GARBAGE);
            var letter = DeadLetters.withoutValue(DeadLetters.of(failed, "too large", Instant.now()));
            var written = producer.send(letter).get();
            id = written.topic() + "@" + written.partition() + ":" + written.offset();
        }

        // When
        int code = relay("redrive", id, "--yes");

        // Then
        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).contains(id + "  cannot be redriven: its value is left out", TOPIC + "@7:3");
    }

    @Test
    void show_ofAnUnknownId_fails() {
        assertThat(relay("show", TOPIC + ".dlt@0:999999")).isEqualTo(1);

        assertThat(err.toString()).contains("no dead letter", "dlt list");
    }

    @Test
    void wrongUsage_exitsWithTwo() {
        assertThat(relay()).isEqualTo(2);
        assertThat(relay("redrive")).isEqualTo(2);
        assertThat(relay("redrive", id, "--topic", TOPIC + ".dlt")).isEqualTo(2);
    }

    @Test
    void list_withoutKafka_namesTheAddressAndTheRemedy(@TempDir Path folder) throws IOException {
        int nowhere = FreePort.next();
        var impatient = Files.writeString(
                folder.resolve("client.properties"), "request.timeout.ms=500\ndefault.api.timeout.ms=1000\n");

        assertThat(command(
                        "dlt", "list", "--bootstrap-servers", "127.0.0.1:" + nowhere, "--config", impatient.toString()))
                .isEqualTo(1);

        assertThat(err.toString()).contains("127.0.0.1:" + nowhere, "./relay up", "--bootstrap-servers");
    }

    private int relay(String... arguments) {
        var all = new ArrayList<>(List.of("dlt"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", SharedStack.get().connection().bootstrapServers()));
        return command(all.toArray(String[]::new));
    }

    private int command(String... arguments) {
        return OpsCommand.commandLine(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static ConsumerRecord<String, byte[]> read(int partition, long offset) {
        var at = new TopicPartition(TOPIC, partition);
        try (var consumer =
                new KafkaConsumer<String, byte[]>(SharedStack.get().connection().consumer("test"))) {
            consumer.assign(List.of(at));
            consumer.seek(at, offset);
            return consumer.poll(Duration.ofSeconds(30)).iterator().next();
        }
    }
}
