package dev.ncwrelay.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object, each as the raw text that it has, so that what is opaque stays as it came. */
final class JsonObject {

    private final Map<String, String> members;

    private JsonObject(Map<String, String> members) {
        this.members = members;
    }

    /**
     * Parses a text that is one object.
     *
     * @throws MalformedJsonException when it is not, also when it has a member twice
     */
    static JsonObject parse(String text) {
        var scanner = new JsonScanner(text);
        var members = new HashMap<String, String>();
        scanner.skipWhitespace();
        scanner.expect('{');
        scanner.skipWhitespace();
        if (!scanner.accept('}')) {
            do {
                readMember(scanner, members);
            } while (scanner.accept(','));
            scanner.expect('}');
        }
        scanner.skipWhitespace();
        scanner.expectEnd();
        return new JsonObject(members);
    }

    private static void readMember(JsonScanner scanner, Map<String, String> members) {
        scanner.skipWhitespace();
        int start = scanner.position();
        scanner.skipString();
        var name = JsonString.decode(scanner.since(start));
        scanner.skipWhitespace();
        scanner.expect(':');
        scanner.skipWhitespace();
        int value = scanner.position();
        scanner.skipValue();
        if (members.put(name, scanner.since(value)) != null) {
            throw new MalformedJsonException("a member once", start);
        }
        scanner.skipWhitespace();
    }

    /** The raw text of a member. */
    String raw(String name) {
        var raw = members.get(name);
        if (raw == null) {
            throw new MalformedJsonException("the member " + name, 0);
        }
        return raw;
    }

    /** A member that is a string; null when there is none. */
    @Nullable
    String string(String name) {
        var raw = members.get(name);
        return raw == null || raw.charAt(0) != '"' ? null : JsonString.decode(raw);
    }

    /** A member that must be a string. */
    String text(String name) {
        var string = string(name);
        if (string == null) {
            throw new MalformedJsonException("the string " + name, 0);
        }
        return string;
    }

    /** A member that is an integer; the default when there is none. */
    int integer(String name, int otherwise) {
        var raw = members.get(name);
        try {
            return raw == null ? otherwise : Integer.parseInt(raw);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** A member that must be an object. */
    JsonObject object(String name) {
        return parse(raw(name));
    }

    /** The elements of a member that must be an array of objects. */
    List<JsonObject> objects(String name) {
        var scanner = new JsonScanner(raw(name));
        var elements = new ArrayList<JsonObject>();
        scanner.expect('[');
        scanner.skipWhitespace();
        if (scanner.accept(']')) {
            return elements;
        }
        do {
            scanner.skipWhitespace();
            int start = scanner.position();
            scanner.skipValue();
            elements.add(parse(scanner.since(start)));
            scanner.skipWhitespace();
        } while (scanner.accept(','));
        return elements;
    }
}
