package dev.ncwrelay.schemas.serde;

import io.apicurio.registry.resolver.ParsedSchema;
import io.apicurio.registry.resolver.data.Record;
import io.apicurio.registry.resolver.strategy.ArtifactReference;
import io.apicurio.registry.resolver.strategy.ArtifactReferenceResolverStrategy;
import io.apicurio.registry.serde.data.SerdeRecord;
import org.apache.avro.Schema;

/**
 * Makes a writer use the very schema version it was compiled with. Asking for the latest instead would, once a newer
 * build has registered a newer version, mark old data with the new version's id: no reader could read it.
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
