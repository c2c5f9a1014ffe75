package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.schemas.DevicePartition;
import dev.ncwrelay.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Confluent's own JavaScript client reads what the services wrote, and writes what they read: see e2e/js. */
class TopicsFromJavaScriptIT {

    private final RunningStack stack = RunningStack.get();

    @BeforeAll
    static void install() throws Exception {
        JavaScript.JS.install();
    }

    @Test
    void deviceEvents_areReadWithConfluentsClient() throws Exception {
        // Given
        var app = stack.newApp();
        var webhook = app.transaction("tx-js");
        stack.webhooks().send(webhook.bytes()).join();

        // When
        var event = records(Topics.DEVICE_EVENTS.name(), app.deviceId());

        // Then
        assertThat(event.path("partition").asInt()).isEqualTo(DevicePartition.of(app.deviceId(), 12));
        var value = event.path("value");
        assertThat(value.path("eventType").asString()).isEqualTo("transaction.status.updated");
        assertThat(value.path("deviceId").asString()).isEqualTo(app.deviceId());
        assertThat(value.path("data").asString()).contains("\"tx-js\"");
    }

    @Test
    void rpcRequestsAndReplies_areReadWithConfluentsClient() throws Exception {
        // Given
        var app = stack.newApp();
        var payload = App.payload("get_all_keys");
        var answer = app.rpc(payload, "request-1").join();

        // When
        var request = records(Topics.RPC_REQUESTS.name(), app.deviceId()).path("value");
        var reply = records(Topics.RPC_REPLIES.name(), app.deviceId()).path("value");

        // Then
        // The epoch of the device's ownership follows the client's id, so two owners' calls are never one.
        assertThat(request.path("requestId").asString()).startsWith("request-1~");
        assertThat(request.path("payload").asString()).isEqualTo(payload);
        assertThat(reply.path("requestId").asString())
                .isEqualTo(request.path("requestId").asString());
        assertThat(
                        reply.at("/body/bytes").isMissingNode()
                                ? reply.path("body").asString()
                                : reply.at("/body/bytes").asString())
                .isEqualTo(new String(answer.body(), StandardCharsets.UTF_8));
    }

    @Test
    void deviceEvent_writtenWithConfluentsClient_reachesTheApp() throws Exception {
        // Given
        var app = stack.newApp();
        long now = System.currentTimeMillis();
        var event = Map.of(
                "eventId", UUID.randomUUID().toString(),
                "eventType", "transaction.status.updated",
                "deviceId", app.deviceId(),
                "walletId", app.walletId(),
                "createdAt", now,
                "receivedAt", now,
                "data", Map.of("utf8", "{\"id\":\"from JavaScript, 世界\"}"));

        // When
        write(Topics.DEVICE_EVENTS.name(), app.deviceId(), event);

        // Then
        assertThat(app.receive(1).getFirst().path("id").asString()).isEqualTo("from JavaScript, 世界");
    }

    /** Writes the record with this key by the script. */
    private void write(String topic, String key, Map<String, ?> record) throws InterruptedException {
        var partition = Integer.toString(DevicePartition.of(key, 12));
        var json = App.JSON.writeValueAsString(record);
        var result = JavaScript.JS.run(
                "node", "encode.mjs", stack.bootstrapServers(), registryUrl(), topic, partition, key, json);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /** The record with this key, read by the script. */
    private JsonNode records(String topic, String key) throws IOException, InterruptedException {
        var result = JavaScript.JS.run("node", "decode.mjs", stack.bootstrapServers(), registryUrl(), topic, key);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return App.JSON.readTree(result.output());
    }

    private String registryUrl() {
        return stack.registry() + "/apis/ccompat/v7";
    }
}
