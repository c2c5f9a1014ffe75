package dev.ncwrelay.ingress.decode;

import java.nio.ByteBuffer;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Extracts the JSON text of a member from a document byte for byte, with its white space, escapes and numbers. */
final class JsonMemberExtractor {

    private final JsonMapper json;

    JsonMemberExtractor(JsonMapper json) {
        this.json = json;
    }

    /** The text of the member at this path, if it exists. The document must be valid UTF-8 JSON. */
    Optional<ByteBuffer> find(byte[] document, String... path) {
        try (var parser = json.createParser(document)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (int depth = 0; depth < path.length; depth++) {
                if (!enter(parser, path[depth])) {
                    return Optional.empty();
                }
                if (depth < path.length - 1 && parser.currentToken() != JsonToken.START_OBJECT) {
                    return Optional.empty();
                }
            }
            long start = parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            parser.finishToken();
            long end = parser.currentLocation().getByteOffset();
            return Optional.of(
                    ByteBuffer.wrap(document, (int) start, (int) (end - start)).slice());
        }
    }

    /** Advances to the value of the member with this name in the current object. */
    private static boolean enter(JsonParser parser, String name) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            boolean found = parser.currentName().equals(name);
            parser.nextToken();
            if (found) {
                return true;
            }
            parser.skipChildren();
        }
        return false;
    }
}
