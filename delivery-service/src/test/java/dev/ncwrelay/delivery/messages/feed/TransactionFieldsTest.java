package dev.ncwrelay.delivery.messages.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TransactionFieldsTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> NAMES = List.of(
            "id",
            "status",
            "createdAt",
            "lastUpdated",
            "source",
            "destination",
            "amountInfo",
            "Id",
            "\\u0069d",
            "note");
    private static final List<String> SCALARS = List.of(
            "\"id-1\"", "\"\"", "\"17\"", "\"é😀\\n\"", "17", "-1", "1.9e12", "99999999999999999999", "true", "null");

    private final Random random = new Random(20);

    @Test
    void fields_areThoseOfATreeOfTheWholeText() {
        for (int round = 0; round < 5_000; round++) {
            var text = object(0);
            var tree = JSON.readTree(text);

            assertThat(parse(text)).as(text).isEqualTo(ofTree(tree));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "7", "\"id\"", "[{\"id\":\"1\"}]", "{}", "{\"id\":\"1\"} {}", "{\"id\":\"1\"}7"})
    void anythingButOneObjectWithFields_hasNone(String text) {
        var fields = parse(text);

        assertThat(fields.id().isMissingNode()).isTrue();
        assertThat(fields.isOfTransaction()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"id\":\"1\"", "{\"id\":\"1\",}", "{\"note\":[1,}", "{\"id\":\"1\"}}"})
    void textThatIsNoJson_isRejected(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(JacksonException.class);
    }

    private static TransactionFields parse(String text) {
        return TransactionFields.parse(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static TransactionFields ofTree(JsonNode tree) {
        return new TransactionFields(
                tree.path("id"),
                tree.path("status"),
                tree.path("createdAt"),
                tree.path("lastUpdated"),
                tree.has("source") || tree.has("destination"));
    }

    private String object(int depth) {
        return Stream.generate(() -> "\"" + one(NAMES) + "\" : " + value(depth))
                .limit(random.nextInt(7))
                .collect(Collectors.joining(",", "{", "} "));
    }

    private String value(int depth) {
        return switch (depth < 3 ? random.nextInt(8) : 7) {
            case 0 -> object(depth + 1);
            case 1 ->
                Stream.generate(() -> value(depth + 1))
                        .limit(random.nextInt(4))
                        .collect(Collectors.joining(",", "[", "]"));
            default -> one(SCALARS);
        };
    }

    private String one(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }
}
