package dev.ncwrelay.client;

/** Strings as JSON writes them. */
final class JsonString {

    private JsonString() {}

    /** The string that a valid raw text, quotes included, means. */
    static String decode(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw.substring(1, raw.length() - 1);
        }
        var decoded = new StringBuilder(raw.length());
        for (int at = 1; at < raw.length() - 1; at++) {
            char next = raw.charAt(at);
            if (next != '\\') {
                decoded.append(next);
                continue;
            }
            char escape = raw.charAt(++at);
            switch (escape) {
                case 'b' -> decoded.append('\b');
                case 'f' -> decoded.append('\f');
                case 'n' -> decoded.append('\n');
                case 'r' -> decoded.append('\r');
                case 't' -> decoded.append('\t');
                case 'u' -> {
                    decoded.append((char) Integer.parseInt(raw, at + 1, at + 5, 16));
                    at += 4;
                }
                default -> decoded.append(escape);
            }
        }
        return decoded.toString();
    }

    /** The raw text of a string, quotes included. */
    static String encode(String string) {
        var encoded = new StringBuilder(string.length() + 16).append('"');
        for (int at = 0; at < string.length(); at++) {
            char next = string.charAt(at);
            switch (next) {
                case '"', '\\' -> encoded.append('\\').append(next);
                case '\n' -> encoded.append("\\n");
                case '\r' -> encoded.append("\\r");
                case '\t' -> encoded.append("\\t");
                default -> {
                    if (next < ' ' || isLoneSurrogate(string, at)) {
                        // A lone surrogate has no UTF-8.
                        encoded.append(String.format("\\u%04x", (int) next));
                    } else {
                        encoded.append(next);
                    }
                }
            }
        }
        return encoded.append('"').toString();
    }

    private static boolean isLoneSurrogate(String string, int at) {
        char here = string.charAt(at);
        if (Character.isHighSurrogate(here)) {
            return at + 1 == string.length() || !Character.isLowSurrogate(string.charAt(at + 1));
        }
        return Character.isLowSurrogate(here) && (at == 0 || !Character.isHighSurrogate(string.charAt(at - 1)));
    }
}
