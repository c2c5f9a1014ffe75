package dev.ncwrelay.delivery.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The query of a URL (RFC 3986 section 3.4): escapes are UTF-8, and names can be bound. */
final class QuerySyntax {

    private static final Pattern ESCAPED = Pattern.compile("(?:[!-$&-~]|%[0-9A-Fa-f]{2})*+");

    /** Some clients repeat a parameter as {@code status[]} or {@code status[0]}. */
    private static final Pattern NAME = Pattern.compile("[^\\[\\]]*+(?:\\[\\d{0,2}])?");

    private QuerySyntax() {}

    static boolean isWellFormed(String query) {
        return ESCAPED.matcher(query).matches()
                && isUtf8(query)
                && Arrays.stream(query.split("&")).allMatch(QuerySyntax::hasName);
    }

    private static boolean hasName(String parameter) {
        int end = parameter.indexOf('=');
        var name = URLDecoder.decode(end < 0 ? parameter : parameter.substring(0, end), StandardCharsets.UTF_8);
        return NAME.matcher(name).matches();
    }

    private static boolean isUtf8(String query) {
        // Each escape becomes the character of that number, and each character then one byte.
        var bytes = URLDecoder.decode(query, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.ISO_8859_1);
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
