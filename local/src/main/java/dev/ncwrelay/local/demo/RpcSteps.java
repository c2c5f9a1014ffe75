package dev.ncwrelay.local.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Calls of the app's SDK to Fireblocks. */
final class RpcSteps {

    private static final JsonMapper JSON = new JsonMapper();

    /** Long enough for the slow call to be sent first. */
    private static final Duration CALL_START_DELAY = Duration.ofMillis(300);

    private final Http http;
    private final DemoOutput output;
    private final Simulator simulator;
    private final DemoDevice device;
    private final Map<String, String> user;

    /** @param user headers of the app's requests */
    RpcSteps(Http http, DemoOutput output, Simulator simulator, DemoDevice device, Map<String, String> user) {
        this.http = http;
        this.output = output;
        this.simulator = simulator;
        this.device = device;
        this.user = user;
    }

    void rpc() {
        output.step("The app's SDK calls Fireblocks");
        var order = "{\"deviceId\":\"" + device.deviceId() + "\",\"method\":\"get_service_certificates\","
                + "\"body\":\"{\\\"result\\\": {\\\"certificates\\\": \\\"Grüße, 世界 ✓\\\"}}\"}";
        simulator.answer(order);
        var payload = sdkPayload("get_service_certificates");

        var reply = call(payload);

        output.event("app", "POST .../rpc  " + payload);
        output.event("app", "received " + new String(reply.body(), StandardCharsets.UTF_8), reply.took());
        checkAnswered(reply, payload);
        output.command("curl -X POST " + url() + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '" + body(payload) + "'");
    }

    void rpcError() {
        output.step("Fireblocks answers with an error of the SDK's protocol, which is passed through unchanged");
        simulator.answer("{\"deviceId\":\"" + device.deviceId() + "\",\"method\":\"get_all_keys\","
                + "\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}");
        var payload = sdkPayload("get_all_keys");

        var reply = call(payload);

        output.event("app", "received " + new String(reply.body(), StandardCharsets.UTF_8), reply.took());
        checkAnswered(reply, payload);
    }

    void slowAndFastRpc() throws InterruptedException {
        output.step("Fireblocks holds one call for 3 s; another call of the same device is not delayed");
        simulator.answer("{\"deviceId\":\"" + device.deviceId() + "\",\"method\":\"poll_mpc_msg\",\"holdSeconds\":3}");
        var slow = http.postLater(url(), user, body(sdkPayload("poll_mpc_msg")));
        Thread.sleep(CALL_START_DELAY);

        var fast = call(sdkPayload("ack_mpc_msg"));
        var first = slow.isDone() ? "slow" : "fast";

        output.event("app", "ack_mpc_msg answered " + fast.status(), fast.took());
        var late = slow.join();
        output.event("app", "poll_mpc_msg answered " + late.status(), late.took());
        output.check(
                first.equals("fast") && fast.status() == 200 && late.status() == 200, "the fast call completed first");
    }

    Http.Reply call(String payload) {
        return http.post(url(), user, body(payload));
    }

    /** A payload in the shape that Fireblocks' JavaScript SDK sends. */
    static String sdkPayload(String method) {
        return "{\"method\":\"" + method + "\",\"headers\":{\"sdkVersion\":\"12.5.6\",\"mpcVersion\":6,"
                + "\"physicalDeviceId\":\"demo\",\"platformType\":\"Web\"}}";
    }

    private void checkAnswered(Http.Reply reply, String payload) {
        var calls = simulator.calls(device.deviceId());
        var call = calls.path(calls.size() - 1);
        output.check(reply.status() == 200, "delivery-service answered " + reply.status());
        output.check(payload.equals(call.path("payload").asString()), "Fireblocks received the payload unchanged");
        output.check(
                sha256(reply.body()).equals(call.path("answer").path("sha256").asString()),
                "the app received the " + call.path("answer").path("bytes") + " bytes that Fireblocks sent");
    }

    private String url() {
        return device.url() + "/rpc";
    }

    private static String body(String payload) {
        return JSON.writeValueAsString(Map.of("message", payload));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
