package dev.ncwrelay.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Random texts, each read by Jackson as well. A seed in a test's name repeats it. */
class JsonTest {

    private static final JsonMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static LongStream seeds() {
        return new Random().longs(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void values_keepTheirRawText(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 100; round++) {
            var value = RandomJson.value(random, 4);
            var space = RandomJson.space(random);
            var text = space + "{" + space + "\"a\":1," + space + "\"data\"" + space + ":" + space + value + space
                    + ",\"z\":[" + value + "]}" + space;

            var parsed = JsonObject.parse(text);

            assertThat(parsed.raw("data")).isEqualTo(value);
            assertThat(JACKSON.readTree(text).path("data")).isEqualTo(JACKSON.readTree(value));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void strings_areEncodedAndDecodedAsByJackson(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            var string = RandomJson.string(random);

            var encoded = JsonString.encode(string);

            assertThat(JACKSON.readValue(encoded, String.class)).isEqualTo(string);
            assertThat(JsonString.decode(encoded)).isEqualTo(string);
            assertThat(JsonString.decode(JACKSON.writeValueAsString(string))).isEqualTo(string);
        }
    }

    /** A text with one random change is accepted by both or by neither. */
    @ParameterizedTest
    @MethodSource("seeds")
    void damagedText_isAcceptedOnlyWhereJacksonAcceptsIt(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            var text = new StringBuilder("{\"data\":" + RandomJson.value(random, 3) + "}");
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, RandomJson.character(random));
                default -> text.insert(at, RandomJson.character(random));
            }

            assertThat(accepts(text.toString())).as(text.toString()).isEqualTo(jacksonAccepts(text.toString()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1",
                "[]",
                "null",
                "{",
                "{}x",
                "{\"a\":01}",
                "{\"a\":1,}",
                "{\"a\":'b'}",
                "{\"a\":NaN}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00g0\"}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":1.}",
                "{\"a\":+1}"
            })
    void otherTexts_areRejected_withoutBeingQuoted(String text) {
        assertThatThrownBy(() -> JsonObject.parse(text))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageMatching(".{1,40} is expected at character \\d+");
    }

    @Test
    void depth_isBounded() {
        assertThat(JsonObject.parse("{\"a\":" + nested(900) + "}").raw("a")).hasSize(1_800);
        assertThatThrownBy(() -> JsonObject.parse("{\"a\":" + nested(100_000) + "}"))
                .isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void objects_ofAnArray() {
        var parsed = JsonObject.parse("{\"list\":[ {\"n\":\"1\"} ,{\"n\":\"2\"}],\"none\":[ ]}");

        assertThat(parsed.objects("list")).extracting(one -> one.text("n")).containsExactly("1", "2");
        assertThat(parsed.objects("none")).isEmpty();
        assertThatThrownBy(() -> parsed.text("list")).isInstanceOf(MalformedJsonException.class);
        assertThat(parsed.string("other")).isNull();
    }

    @Test
    void writer_leavesOutWhatIsNull() {
        var json = new JsonWriter()
                .member("a", "\"")
                .member("b", null)
                .member("c", -1)
                .end();

        assertThat(json).isEqualTo("{\"a\":\"\\\"\",\"c\":-1}");
        assertThat(new JsonWriter().end()).isEqualTo("{}");
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static boolean accepts(String text) {
        try {
            JsonObject.parse(text);
            return true;
        } catch (MalformedJsonException e) {
            return false;
        }
    }

    private static boolean jacksonAccepts(String text) {
        try {
            // From bytes: from a String, Jackson takes any character whose last byte is a hexadecimal digit for one.
            return JACKSON.readTree(text.getBytes(StandardCharsets.UTF_8)).isObject();
        } catch (JacksonException e) {
            return false;
        }
    }
}
