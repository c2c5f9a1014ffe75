package dev.ncwrelay.schemas.serde;

import dev.ncwrelay.schemas.Topic;
import dev.ncwrelay.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Turns records into Confluent's wire format (a zero byte, the schema id as 4 bytes, Avro binary) and back, through the
 * configured serdes. Once {@link #warmUp} has returned, the registry is needed only for schemas newer than this build.
 *
 * <p>Safe for use by many threads.
 */
public final class RecordCodec implements AutoCloseable {

    private static final int PREFIX_BYTES = 5;

    private final Serializer<Object> serializer;
    private final Deserializer<Object> deserializer;
    private final Set<Integer> knownSchemas = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("unchecked") // the configured serdes write and read any record
    public RecordCodec(RegistryConnection connection) {
        TrustedRecords.declare();
        serializer = (Serializer<Object>) create(connection.serializer());
        deserializer = (Deserializer<Object>) create(connection.deserializer());
        serializer.configure(connection.serdeConfig(), false);
        deserializer.configure(connection.serdeConfig(), false);
    }

    /**
     * Resolves every schema this build writes, so that no first message has to wait for the registry.
     *
     * @throws RuntimeException when the registry cannot be asked or lacks one of them
     */
    public void warmUp() {
        Topics.all().forEach(this::warmUp);
    }

    /**
     * The record in wire format.
     *
     * @throws RuntimeException before the first success of {@link #warmUp}, when the registry cannot be asked
     */
    public <T extends SpecificRecord> byte[] encode(Topic<T> topic, T record) {
        return serializer.serialize(topic.name(), record);
    }

    /** Reads bytes in wire format; never throws. */
    public <T extends SpecificRecord> Decoded<T> decode(Topic<T> topic, byte[] bytes) {
        if (bytes.length < PREFIX_BYTES || bytes[0] != 0) {
            return new Decoded.Unreadable<>("not in Confluent's wire format");
        }
        int schemaId = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        if (schemaId < 1) {
            return new Decoded.Unreadable<>("no registry gives the schema id " + schemaId);
        }
        try {
            var record = deserializer.deserialize(topic.name(), bytes);
            knownSchemas.add(schemaId);
            if (topic.recordType().isInstance(record)) {
                return new Decoded.Value<>(topic.recordType().cast(record));
            }
            return new Decoded.Unreadable<>(
                    "schema " + schemaId + " is not of a " + topic.recordType().getSimpleName());
        } catch (RuntimeException e) {
            return knownSchemas.contains(schemaId) || DecodingFailure.isFinal(e)
                    ? new Decoded.Unreadable<>("schema " + schemaId + ": " + rootOf(e))
                    : new Decoded.RegistryDown<>(rootOf(e).toString());
        }
    }

    @Override
    public void close() {
        serializer.close();
        deserializer.close();
    }

    private <T extends SpecificRecord> void warmUp(Topic<T> topic) {
        var blank = EmptyRecord.of(topic.recordType());
        switch (decode(topic, encode(topic, blank))) {
            case Decoded.Value<T> _ -> {}
            case Decoded.RegistryDown<T>(var reason) -> throw new IllegalStateException("schema registry: " + reason);
            case Decoded.Unreadable<T>(var reason) ->
                throw new IllegalStateException(topic.name() + " cannot be read as it was written: " + reason);
        }
    }

    private static Throwable rootOf(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static Object create(Class<?> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " has no public constructor without arguments", e);
        }
    }
}
