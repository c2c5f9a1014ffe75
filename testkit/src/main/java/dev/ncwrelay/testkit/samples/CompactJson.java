package dev.ncwrelay.testkit.samples;

import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON without blanks and with numbers written the way JavaScript writes them, which is how Fireblocks' bodies look. */
final class CompactJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private CompactJson() {}

    static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }

    static String write(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }
}
