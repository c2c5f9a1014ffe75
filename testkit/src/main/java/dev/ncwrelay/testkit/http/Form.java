package dev.ncwrelay.testkit.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The format {@code application/x-www-form-urlencoded} of queries and posted forms. */
public final class Form {

    private Form() {}

    /** The decoded parameters; the last value of a repeated name. */
    public static Map<String, String> parse(@Nullable String encoded) {
        var parameters = new HashMap<String, String>();
        if (encoded == null) {
            return parameters;
        }
        for (var pair : encoded.split("&", -1)) {
            var equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String encoded) {
        return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    }
}
