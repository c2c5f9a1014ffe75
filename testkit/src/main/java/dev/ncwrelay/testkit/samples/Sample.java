package dev.ncwrelay.testkit.samples;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * One documented payload.
 *
 * @param name the file's name without {@code .json}
 * @param text as kept in the file, laid out for reading
 */
public record Sample(String name, String text) {

    public JsonNode json() {
        return CompactJson.read(text);
    }

    /** The bytes as Fireblocks would send them: compact, as JSON.stringify prints. */
    public byte[] bytes() {
        return CompactJson.write(json()).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A webhook's type: {@code eventType} of v2, {@code type} of v1.
     *
     * @throws IllegalStateException if the sample is no webhook
     */
    public String eventType() {
        var json = json();
        var type = json.has("eventType") ? json.get("eventType") : json.get("type");
        if (type == null || !type.isString()) {
            throw new IllegalStateException(name + " is no webhook");
        }
        return type.stringValue();
    }

    /** Starts a body from this webhook, with ids and times to replace. */
    public WebhookBody change() {
        return WebhookBody.from(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
