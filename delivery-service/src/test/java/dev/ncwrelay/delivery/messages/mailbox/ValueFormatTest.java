package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.delivery.messages.ack.AckPosition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The stored form of each kind of value. */
class ValueFormatTest {

    private static final long TIME = 1_700_000_000_000L;
    private static final StoredEvent EVENT =
            new StoredEvent(7, TIME, ByteBuffer.wrap(HexFormat.of().parseHex("cafe")));

    @ParameterizedTest
    @EnumSource
    void valueOfVersion1_isReadAndWritten(ValueFormat kind) {
        assertThat(parse(kind, golden(kind))).isEqualTo(sample(kind));
        assertThat(write(sample(kind))).isEqualTo(golden(kind));
    }

    @ParameterizedTest
    @EnumSource
    void valueOfAnotherVersion_isRefusedByName(ValueFormat kind) {
        var value = golden(kind);
        value[0] = 2;

        assertThatThrownBy(() -> parse(kind, value))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("store \"mailbox\"")
                .hasMessageContaining("format version 2, this build reads version 1");
    }

    /** As written before values had versions: the first byte is that of a time or an offset, which may be -1. */
    @ParameterizedTest
    @EnumSource
    void valueWithoutAVersion_isRefused(ValueFormat kind) {
        var value = golden(kind);

        assertThatThrownBy(() -> parse(kind, Arrays.copyOfRange(value, 1, value.length)))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("format version 0");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1_700_000_000_000L})
    void progressWithoutAVersion_isRefusedAtEveryOffset(long upTo) {
        var value = ByteBuffer.allocate(4 * Long.BYTES).putLong(upTo).array();

        assertThatThrownBy(() -> MailboxProgress.parse(value)).isInstanceOf(UnknownFormatException.class);
    }

    @Property
    void header_isReadAsItWasWritten(
            @ForAll long last,
            @ForAll long expired,
            @ForAll long trimmed,
            @ForAll long time,
            @ForAll int events,
            @ForAll long bytes) {
        var header = new MailboxHeader(last, expired, trimmed, time, events, bytes);

        assertThat(MailboxHeader.parse(header.write())).isEqualTo(header);
    }

    @Property
    void event_isReadAsItWasWritten(@ForAll long offset, @ForAll long writtenAt, @ForAll byte[] record) {
        var event = new StoredEvent(offset, writtenAt, ByteBuffer.wrap(record));

        assertThat(StoredEvent.parse(StoreKeys.event("device", offset), event.write()))
                .isEqualTo(event);
    }

    @Property
    void eventId_isReadAsItWasWritten(@ForAll long offset, @ForAll long writtenAt) {
        var id = new StoredEventId(offset, writtenAt);

        assertThat(StoredEventId.parse(id.write())).isEqualTo(id);
    }

    @Property
    void transaction_isReadAsItWasWritten(
            @ForAll long lastUpdated, @ForAll boolean isFinal, @ForAll long createdAt, @ForAll byte[] record) {
        var transaction =
                new StoredTransaction(lastUpdated, isFinal, createdAt, new StoredEvent(7, 8, ByteBuffer.wrap(record)));

        assertThat(StoredTransaction.parse(transaction.write())).isEqualTo(transaction);
    }

    @Property
    void acknowledgedPositions_areReadAsTheyWereWritten(
            @ForAll long ackedUpTo,
            @ForAll @Size(max = 16) Map<@NotEmpty String, Long> records,
            @ForAll long epoch,
            @ForAll @Size(max = 20) Set<Long> individual) {
        var consumers = new TreeMap<String, DeviceAckState.Consumer>();
        records.forEach((name, record) -> consumers.put(
                readable(name),
                new DeviceAckState.Consumer(new AckPosition(epoch, record, new TreeSet<>(individual)), record)));
        var state = new DeviceAckState(ackedUpTo, consumers);

        assertThat(DeviceAckState.parse(state.write())).isEqualTo(state);
    }

    @Property
    void cleanup_isReadAsItWasWritten(@ForAll long upTo, @ForAll byte[] next) {
        var remaining = new RemainingCleanup(upTo, Bytes.wrap(next));

        assertThat(RemainingCleanup.parse(remaining.write())).isEqualTo(remaining);
    }

    @Property
    void progress_isReadAsItWasWritten(
            @ForAll long upTo, @ForAll long lostUpTo, @ForAll long lostAt, @ForAll long changelog) {
        var progress = new MailboxProgress(upTo, lostUpTo, lostAt, changelog);

        assertThat(MailboxProgress.parse(progress.write())).isEqualTo(progress);
    }

    private static Object parse(ValueFormat kind, byte[] value) {
        return switch (kind) {
            case HEADER -> MailboxHeader.parse(value);
            case EVENT -> StoredEvent.parse(StoreKeys.event("device", EVENT.offset()), value);
            case EVENT_ID -> StoredEventId.parse(value);
            case ACKNOWLEDGED -> DeviceAckState.parse(value);
            case TRANSACTION -> StoredTransaction.parse(value);
            case CLEANUP -> RemainingCleanup.parse(value);
            case PROGRESS -> MailboxProgress.parse(value);
        };
    }

    private static byte[] write(Object value) {
        return switch (value) {
            case MailboxHeader header -> header.write();
            case StoredEvent event -> event.write();
            case StoredEventId id -> id.write();
            case DeviceAckState acknowledged -> acknowledged.write();
            case StoredTransaction transaction -> transaction.write();
            case RemainingCleanup cleanup -> cleanup.write();
            case MailboxProgress progress -> progress.write();
            default -> throw new IllegalArgumentException(value.getClass() + " is not stored");
        };
    }

    private static Object sample(ValueFormat kind) {
        return switch (kind) {
            case HEADER -> new MailboxHeader(9, 2, 3, TIME, 6, 256);
            case EVENT -> EVENT;
            case EVENT_ID -> new StoredEventId(9, TIME);
            case ACKNOWLEDGED ->
                new DeviceAckState(
                        5,
                        new TreeMap<>(Map.of(
                                "",
                                new DeviceAckState.Consumer(AckPosition.upTo(0, 5), 0x11),
                                "ta",
                                new DeviceAckState.Consumer(
                                        new AckPosition(0, 6, new TreeSet<>(List.of(8L, 9L))), 0x12))));
            case TRANSACTION ->
                new StoredTransaction(TIME + 1, true, TIME + 2, new StoredEvent(9, TIME, EVENT.record()));
            case CLEANUP -> new RemainingCleanup(9, Bytes.wrap(new byte[] {'m', 'x'}));
            case PROGRESS -> new MailboxProgress(9, -1, Long.MIN_VALUE, 7);
        };
    }

    /** The samples as the first build with versions wrote them: they must be readable for as long as version 1 is. */
    private static byte[] golden(ValueFormat kind) {
        var hex = switch (kind) {
            case HEADER ->
                "01 0000000000000009 0000000000000002 0000000000000003 0000018bcfe56800 00000006 0000000000000100";
            case EVENT -> "01 0000018bcfe56800 cafe";
            case EVENT_ID -> "01 0000000000000009 0000018bcfe56800";
            case ACKNOWLEDGED ->
                "01 0000000000000005 00000000 0000000000000011 0000000000000000 0000000000000005 00000000"
                        + " 00000002 7461 0000000000000012 0000000000000000 0000000000000006 00000002"
                        + " 0000000000000008 0000000000000009";
            case TRANSACTION -> "01 0000018bcfe56801 01 0000018bcfe56802 0000000000000009 0000018bcfe56800 cafe";
            case CLEANUP -> "01 0000000000000009 6d78";
            case PROGRESS -> "01 0000000000000009 ffffffffffffffff 8000000000000000 0000000000000007";
        };
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** Without lone surrogates, which UTF-8 does not have and no consumer name contains. */
    private static String readable(String name) {
        return name.replaceAll("[^\\x20-\\x7e\\u00c0-\\u024f]", "_");
    }
}
