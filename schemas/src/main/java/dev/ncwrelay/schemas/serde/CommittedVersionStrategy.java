package dev.ncwrelay.schemas.serde;

import io.apicurio.registry.resolver.ParsedSchema;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.resolver.strategy.ArtifactReferenceResolverStrategy;
import io.apicurio.registry.serde.data.SerdeRecord;
import org.apache.avro.Schema;

/**
 * Makes a writer use the schema version that it was compiled with. With the latest version instead, data would be marked
 * with the id of a newer schema as soon as a newer build has registered one, and no reader could decode it.
 *
 * <p>Public because Apicurio's library creates it by name.
 */
public final class CommittedVersionStrategy implements ArtifactReferenceResolverStrategy<Schema, Object> {

    @Override
    public ArtifactReference artifactReference(Record<Object> data, ParsedSchema<Schema> parsed) {
        var topic = ((SerdeRecord<Object>) data).metadata().getTopic();
        var record = data.payload().getClass().getSimpleName();
        return ArtifactReference.builder()
                .artifactId(topic + "-value")
                .version(Integer.toString(SchemaHistory.of(record).latestVersion()))
                .build();
    }

    @Override
    public boolean loadSchema() {
        return false;
    }
}
