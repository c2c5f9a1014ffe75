package dev.ncwrelay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.avro.Device;
import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.PassphraseInfo;
import dev.ncwrelay.avro.RpcOutcome;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.avro.WorkspaceEvent;
import dev.ncwrelay.schemas.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is on the topics today must be read for ever: each record's bytes are kept as a file and never rewritten. */
class GoldenBytesTest {

    private static final Instant T1 = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant T2 = Instant.parse("2026-01-02T03:04:06Z");

    /** A record as bytes of this version of its schema give it. */
    record Golden(SpecificRecord record, int version) {

        String name() {
            return record.getSchema().getName();
        }

        boolean isCurrent() {
            return SchemaHistory.of(name()).versions().size() == version;
        }

        byte[] bytes() throws IOException {
            var file = Path.of("src/test/resources/golden", name() + ".v" + version + ".hex");
            return HexFormat.of().parseHex(Files.readString(file).strip());
        }

        @Override
        public String toString() {
            return name() + " v" + version;
        }
    }

    static List<Golden> all() {
        TrustedRecords.declare();
        return List.of(
                new Golden(deviceEvent(null), 1),
                new Golden(deviceEvent("tenant-1"), 2),
                new Golden(
                        new WorkspaceEvent("event-2", "vault_account.created", "workspace-1", null, T1, T2, utf8("{}")),
                        1),
                new Golden(
                        new RpcRequest(
                                "request-1",
                                "device-1",
                                "wallet-1",
                                null,
                                utf8("{\"method\":\"poll_mpc_msg\"}"),
                                T1,
                                T2),
                        1),
                new Golden(
                        new RpcReply(
                                "request-1",
                                "device-1",
                                RpcOutcome.ANSWERED,
                                200,
                                "application/json",
                                utf8("{\"result\":\"ü\"}"),
                                null,
                                T2,
                                17L),
                        1),
                new Golden(new DeviceCursor("device-1", "phone", 7, 41L, List.of(43L, 45L), T2, 0L), 1),
                new Golden(new DeviceCursor("device-1", "phone", 7, 41L, List.of(43L, 45L), T2, 9L), 2),
                new Golden(new Device("device-1", "wallet-1", "user-1", "tenant-1", T1, T2, 0L, 0L, -1L), 1),
                new Golden(new Device("device-1", "wallet-1", "user-1", "tenant-1", T1, T2, 9L, 8L, 400L), 2),
                new Golden(
                        new ChannelSubscription(
                                "device-1",
                                "fcm",
                                "phone",
                                "subscription-1",
                                9L,
                                7,
                                400L,
                                T1,
                                Map.of("platform", "android")),
                        1),
                new Golden(
                        new ChannelState(
                                "device-1",
                                "rabbitmq",
                                "",
                                "subscription-1",
                                "held",
                                7,
                                417L,
                                "queue is full",
                                T2,
                                "instance-1"),
                        1),
                new Golden(new PassphraseInfo("user-1", "passphrase-1", "GoogleDrive", T1), 1));
    }

    private static DeviceEvent deviceEvent(@Nullable String tenant) {
        return new DeviceEvent(
                "event-1",
                "transaction.status.updated",
                "device-1",
                "wallet-1",
                null,
                null,
                "workspace-1",
                "tx-1",
                T1,
                T2,
                utf8("{\"id\": \"tx-1\", \"note\": \"héllo\"}"),
                tenant);
    }

    static List<Golden> current() {
        return all().stream().filter(Golden::isCurrent).toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void goldenBytes_ofEachVersion_areDecoded(Golden golden) throws Exception {
        assertThat(read(golden)).isEqualTo(golden.record());
    }

    @ParameterizedTest
    @MethodSource("current")
    void record_isEncodedAsTheGoldenBytesOfTheCurrentVersion(Golden golden) throws Exception {
        assertThat(HexFormat.of().formatHex(write(golden.record())))
                .isEqualTo(HexFormat.of().formatHex(golden.bytes()));
    }

    @Test
    void everyRecord_hasGoldenBytesOfItsCurrentVersion() {
        assertThat(current())
                .extracting(Golden::name)
                .containsExactlyInAnyOrderElementsOf(Topics.all().stream()
                        .map(topic -> topic.recordType().getSimpleName())
                        .distinct()
                        .toList());
    }

    private static byte[] write(SpecificRecord record) throws IOException {
        var out = new ByteArrayOutputStream();
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new SpecificDatumWriter<SpecificRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static SpecificRecord read(Golden golden) throws IOException {
        var writer = new org.apache.avro.Schema.Parser()
                .parse(SchemaHistory.of(golden.name()).versions().get(golden.version() - 1));
        return new SpecificDatumReader<SpecificRecord>(writer, golden.record().getSchema())
                .read(null, DecoderFactory.get().binaryDecoder(golden.bytes(), null));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
