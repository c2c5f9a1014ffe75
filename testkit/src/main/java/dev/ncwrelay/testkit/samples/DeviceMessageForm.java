package dev.ncwrelay.testkit.samples;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The documented forms of {@code NCW_DEVICE_MESSAGE}; it is not documented which of them Fireblocks sends. */
public enum DeviceMessageForm {
    /** Ids at the top, content in {@code data}: what Fireblocks' demo backend reads. */
    TOP_LEVEL("NCW_DEVICE_MESSAGE"),
    /** Ids at the top, content in {@code message}: what the old documentation shows. */
    DOCUMENTED("NCW_DEVICE_MESSAGE.docs-variant"),
    /** Ids and content within {@code data}: what a third-party client models. */
    NESTED("NCW_DEVICE_MESSAGE.nested-variant");

    private final String sample;

    DeviceMessageForm(String sample) {
        this.sample = sample;
    }

    public Sample sample() {
        return Samples.v1(sample);
    }

    static DeviceMessageForm of(ObjectNode json) {
        if (json.has("message")) {
            return DOCUMENTED;
        }
        return json.has("deviceId") ? TOP_LEVEL : NESTED;
    }

    void content(ObjectNode json, JsonNode content) {
        switch (this) {
            case TOP_LEVEL -> json.set("data", content);
            case DOCUMENTED -> json.set("message", content);
            case NESTED -> ((ObjectNode) json.get("data")).set("data", content);
        }
    }
}
