package dev.ncwrelay.schemas.serde;

import io.apicurio.registry.serde.avro.AvroDatumProvider;
import io.apicurio.registry.serde.avro.AvroSerdeConfig;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * Caches one reader and one writer per schema. Apicurio's own provider computes a fingerprint of the schema for every
 * record, which takes longer than decoding the record.
 *
 * <p>Public because Apicurio's library creates it by name.
 */
public final class CachedDatumProvider<T> implements AvroDatumProvider<T> {

    private final ConcurrentMap<Schema, DatumReader<T>> readers = new ConcurrentHashMap<>();
    private final ConcurrentMap<Schema, DatumWriter<T>> writers = new ConcurrentHashMap<>();

    @Override
    public void configure(AvroSerdeConfig config) {}

    @Override
    public DatumWriter<T> createDatumWriter(T data, Schema schema) {
        return writers.computeIfAbsent(schema, written -> new SpecificDatumWriter<>(written));
    }

    @Override
    public DatumReader<T> createDatumReader(Schema schema) {
        return readers.computeIfAbsent(schema, CachedDatumProvider::reader);
    }

    @Override
    public Schema toSchema(T data) {
        return ((GenericContainer) data).getSchema();
    }

    private static <T> DatumReader<T> reader(Schema written) {
        var type = SpecificData.get().getClass(written);
        if (type == null) {
            throw new AvroTypeException("no record of this build has the name " + written.getFullName());
        }
        return new SpecificDatumReader<>(written, SpecificData.get().getSchema(type));
    }
}
