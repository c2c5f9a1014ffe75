package dev.ncwrelay.client;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Random JSON, with the white space, escapes and numbers that are valid and unusual. */
final class RandomJson {

    private static final String CHARACTERS = "{}[]:,\"\\/bfnrtu0123456789.eE+- \t\n\r\u0001\u007faéß世\u2028";
    private static final String[] NUMBERS = {
        "0", "-0", "10", "-1.50", "1e5", "1E+05", "0.0e-12", "123456789012345678901234567890"
    };

    private RandomJson() {}

    static String space(Random random) {
        return " \n\t\r ".substring(0, random.nextInt(5));
    }

    static char character(Random random) {
        return CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    }

    static String value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 1 -> random.nextBoolean() ? "null" : String.valueOf(random.nextBoolean());
            case 2, 3 -> escaped(random);
            case 4 ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(index -> space(random) + value(random, depth - 1) + space(random))
                        .collect(Collectors.joining(",", "[" + space(random), "]"));
            default ->
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(index -> space(random) + "\"" + index + "\"" + space(random) + ":" + space(random)
                                + value(random, depth - 1) + space(random))
                        .collect(Collectors.joining(",", "{" + space(random), "}"));
        };
    }

    /** Any characters, lone surrogates included. */
    static String string(Random random) {
        return random.ints(random.nextInt(20))
                .mapToObj(any -> switch (any & 3) {
                    case 0 -> String.valueOf((char) (any >>> 16));
                    case 1 -> Character.toString((any >>> 8) % 0x110000);
                    default -> String.valueOf(character(random));
                })
                .collect(Collectors.joining());
    }

    private static String escaped(Random random) {
        return IntStream.range(0, random.nextInt(8))
                .mapToObj(index -> switch (random.nextInt(4)) {
                    case 0 -> "\\" + "\"\\/bfnrt".charAt(random.nextInt(8));
                    case 1 -> "\\u%04x".formatted(random.nextInt(0xd800));
                    case 2 -> "𝄞é世/";
                    default -> "a b";
                })
                .collect(Collectors.joining("", "\"", "\""));
    }
}
