package dev.ncwrelay.delivery.messages.feed;

import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The members of a webhook's data that say which transaction it is about, and in which state. The rest of the data,
 * which can be megabytes, is skipped without making objects of it.
 *
 * @param hasPeer whether there is a source or a destination
 */
record TransactionFields(JsonNode id, JsonNode status, JsonNode createdAt, JsonNode lastUpdated, boolean hasPeer) {

    /** JSON is UTF-8 (RFC 8259 section 8.1). The members are read one by one, each followed by others. */
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                    .build())
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final JsonNode MISSING = MissingNode.getInstance();
    private static final TransactionFields NONE = new TransactionFields(MISSING, MISSING, MISSING, MISSING, false);

    /**
     * The fields of a JSON text. Of a repeated member the last one counts; anything but one object has no fields.
     *
     * @throws JacksonException when it is not JSON
     */
    static TransactionFields parse(ByteBuffer data) {
        var bytes = new byte[data.remaining()];
        data.get(bytes);
        try (var parser = JSON.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return NONE;
            }
            var fields = members(parser);
            return parser.nextToken() == null ? fields : NONE;
        }
    }

    private static TransactionFields members(JsonParser parser) {
        var id = MISSING;
        var status = MISSING;
        var createdAt = MISSING;
        var lastUpdated = MISSING;
        boolean hasPeer = false;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> id = parser.readValueAsTree();
                case "status" -> status = parser.readValueAsTree();
                case "createdAt" -> createdAt = parser.readValueAsTree();
                case "lastUpdated" -> lastUpdated = parser.readValueAsTree();
                default -> {
                    hasPeer |= name.equals("source") || name.equals("destination");
                    parser.skipChildren();
                }
            }
        }
        return new TransactionFields(id, status, createdAt, lastUpdated, hasPeer);
    }

    /** Events about the status of a wallet have the same type as events of transactions, but none of these fields. */
    boolean isOfTransaction() {
        return id.isString() && status.isString() && (hasPeer || !lastUpdated.isMissingNode());
    }
}
