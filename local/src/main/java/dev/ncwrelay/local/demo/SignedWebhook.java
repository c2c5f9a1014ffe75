package dev.ncwrelay.local.demo;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was signed and sent.
 *
 * @param delivery the simulator's description of it
 */
record SignedWebhook(JsonNode delivery) {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DATA = "\"data\":";

    /** The id of the notification. */
    String id() {
        return JSON.readTree(body()).path("id").asString();
    }

    /** Its data, byte for byte: in Fireblocks' envelope it is the last member. */
    String data() {
        return body().substring(body().indexOf(DATA) + DATA.length(), body().length() - 1);
    }

    private String body() {
        return delivery.path("body").asString();
    }
}
