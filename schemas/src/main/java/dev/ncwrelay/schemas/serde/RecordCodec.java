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
 * Encodes records in Confluent's wire format (a zero byte, the schema id as 4 bytes, Avro binary) and decodes them, with
 * the configured serdes. After {@link #warmUp} the registry is needed only for schemas newer than this build.
 *
 * <p>Safe for many threads.
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
     * Resolves every schema that this build writes, so that no message has to wait for the registry.
     *
     * @throws RuntimeException when the registry is unavailable or lacks one of them
     */
    public void warmUp() {
        Topics.all().forEach(this::warmUp);
    }

    /**
     * The record in wire format.
     *
     * @throws RuntimeException when the registry is unavailable before {@link #warmUp} has succeeded once
     */
    public <T extends SpecificRecord> byte[] encode(Topic<T> topic, T record) {
        return serializer.serialize(topic.name(), record);
    }

    /** Decodes bytes in wire format; never throws. */
    public <T extends SpecificRecord> Decoded<T> decode(Topic<T> topic, byte[] bytes) {
        if (bytes.length < PREFIX_BYTES || bytes[0] != 0) {
            return new Decoded.Unreadable<>("not in Confluent's wire format");
        }
        int schemaId = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        if (schemaId < 1) {
            return new Decoded.Unreadable<>("invalid schema id " + schemaId);
        }
        try {
            var record = deserializer.deserialize(topic.name(), bytes);
            knownSchemas.add(schemaId);
            if (topic.recordType().isInstance(record)) {
                return new Decoded.Value<>(topic.recordType().cast(record));
            }
            return new Decoded.Unreadable<>("schema " + schemaId + " is not a schema of "
                    + topic.recordType().getSimpleName());
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
        var empty = EmptyRecord.of(topic.recordType());
        switch (decode(topic, encode(topic, empty))) {
            case Decoded.Value<T> _ -> {}
            case Decoded.RegistryDown<T>(var reason) -> throw new IllegalStateException("schema registry: " + reason);
            case Decoded.Unreadable<T>(var reason) ->
                throw new IllegalStateException(topic.name() + " cannot be decoded as it was encoded: " + reason);
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
