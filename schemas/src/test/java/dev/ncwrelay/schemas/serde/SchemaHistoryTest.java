package dev.ncwrelay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The offline twin of the registry's FULL_TRANSITIVE rule: every version reads what every other version wrote. */
class SchemaHistoryTest {

    static List<String> records() {
        return Topics.all().stream()
                .map(topic -> topic.recordType().getSimpleName())
                .distinct()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("records")
    void history_endsWithTheSchemaOfThisBuild(String record) throws Exception {
        var current = Files.readString(Path.of("src/main/avro", record + ".avsc"));

        assertThat(SchemaHistory.of(record).versions().getLast())
                .as(
                        "src/main/avro/%1$s.avsc has changed: commit it as the next version too, as"
                                + " src/main/resources/schema-history/%1$s/v<n>.avsc",
                        record)
                .isEqualTo(current);
    }

    @ParameterizedTest
    @MethodSource("records")
    void history_isCompatibleBothWaysAcrossAllVersions(String record) {
        var versions = SchemaHistory.of(record).versions().stream()
                .map(text -> new Schema.Parser().parse(text))
                .toList();

        for (var reader : versions) {
            for (var writer : versions) {
                assertThat(compatibility(reader, writer)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            }
        }
    }

    @Test
    void compatibilityCheck_detectsABrokenVersion() {
        var one = record("{\"name\":\"a\",\"type\":\"string\"}");
        var two = record("{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"b\",\"type\":\"string\"}");

        assertThat(compatibility(two, one)).isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
        assertThat(compatibility(one, two)).isEqualTo(SchemaCompatibilityType.COMPATIBLE);
    }

    @Test
    void schemas_documentEveryField() {
        var undocumented = records().stream()
                .map(record -> new Schema.Parser()
                        .parse(SchemaHistory.of(record).versions().getLast()))
                .flatMap(schema -> Stream.concat(
                        Stream.ofNullable(schema.getDoc() == null ? schema.getName() : null),
                        schema.getFields().stream()
                                .filter(field ->
                                        field.doc() == null && field.schema().getDoc() == null)
                                .map(field -> schema.getName() + "." + field.name())));

        assertThat(undocumented).isEmpty();
    }

    private static Schema record(String fields) {
        return new Schema.Parser().parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + fields + "]}");
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }
}
