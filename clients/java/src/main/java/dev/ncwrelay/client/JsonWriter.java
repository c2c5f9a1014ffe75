package dev.ncwrelay.client;

import org.jspecify.annotations.Nullable;

/** Writes one JSON object; members that are null are left out. */
final class JsonWriter {

    private final StringBuilder json = new StringBuilder("{");

    JsonWriter member(String name, @Nullable String value) {
        return value == null ? this : raw(name, JsonString.encode(value));
    }

    JsonWriter member(String name, long value) {
        return raw(name, Long.toString(value));
    }

    private JsonWriter raw(String name, String value) {
        json.append(json.length() > 1 ? "," : "")
                .append(JsonString.encode(name))
                .append(':')
                .append(value);
        return this;
    }

    String end() {
        return json + "}";
    }
}
