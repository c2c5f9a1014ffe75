package dev.ncwrelay.schemas.serde;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Creates a record with empty fields, which is encoded and decoded once so that the serdes load its schema. */
final class EmptyRecord {

    private EmptyRecord() {}

    static <T extends SpecificRecord> T of(Class<T> type) {
        var schema = SpecificData.get().getSchema(type);
        var record = type.cast(SpecificData.newInstance(type, schema));
        for (var field : schema.getFields()) {
            record.put(field.pos(), emptyValue(field.schema()));
        }
        return record;
    }

    private static @Nullable Object emptyValue(Schema schema) {
        return switch (schema.getType()) {
            case STRING -> "";
            case BYTES -> ByteBuffer.allocate(0);
            case INT -> 0;
            case LONG -> schema.getLogicalType() == null ? (Object) 0L : Instant.EPOCH;
            case BOOLEAN -> false;
            case ARRAY -> List.of();
            case MAP -> Map.of();
            case ENUM -> SpecificData.get().createEnum(schema.getEnumSymbols().getFirst(), schema);
            case UNION -> emptyValue(schema.getTypes().getFirst());
            case NULL -> null;
            case RECORD, FIXED, FLOAT, DOUBLE ->
                throw new IllegalArgumentException("no record has a field of type " + schema.getType());
        };
    }
}
