package dev.ncwrelay.local.demo;

import dev.ncwrelay.local.layout.Ports;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs both message flows on a running stack, checks every byte, and shows what happens. */
public final class Demo implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String USER = "alice";

    /** Long enough for a poll to be parked before the webhook is sent; only the picture depends on it. */
    private static final Duration POLL_START_DELAY = Duration.ofMillis(300);

    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(20);
    private static final int ROUNDS = 30;

    private final Http http = new Http();
    private final DemoOutput screen;
    private final Simulator simulator;
    private final StreamClients streams;
    private final String delivery;
    private final String simulatorUrl;
    private final String deviceId = UUID.randomUUID().toString();
    private final String walletId = UUID.randomUUID().toString();

    public Demo(Ports ports, PrintWriter out) {
        this.screen = new DemoOutput(out);
        this.simulatorUrl = "http://127.0.0.1:" + ports.simulator();
        this.simulator = new Simulator(http, simulatorUrl);
        this.streams = new StreamClients(http.client());
        this.delivery = "http://127.0.0.1:" + ports.delivery();
    }

    /** Returns true when everything was as it must be. */
    public boolean run() throws InterruptedException {
        var user = bearer(simulator.token(USER, ""));
        registerDevice();
        var cursor = webhookDuringPoll(user);
        var next = webhookBeforePoll(user, cursor);
        reconnect(user, next);
        rpc(user);
        rpcError(user);
        slowAndFastRpc(user);
        repeatBothFlows(user);
        return screen.conclude();
    }

    @Override
    public void close() {
        http.close();
    }

    private void registerDevice() {
        screen.step("The wallet vendor's backend registers a device");
        var token = simulator.token("backend", "devices:write");
        var body = "{\"walletId\":\"" + walletId + "\",\"userId\":\"" + USER + "\"}";

        var reply = http.put(delivery + "/v1/devices/" + deviceId, bearer(token), body);

        screen.event("backend", "PUT /v1/devices/" + deviceId + "  " + body, reply.took());
        screen.check(
                reply.status() == 201, "delivery-service answered " + reply.status() + ": on Kafka, and known here");
        screen.command("TOKEN=$(curl -s " + simulatorUrl + "/oidc/token -d subject=backend -d scope=devices:write"
                + " | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')\n"
                + "curl -X PUT " + delivery + "/v1/devices/" + deviceId + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '" + body + "'");
    }

    private String webhookDuringPoll(Map<String, String> user) throws InterruptedException {
        screen.step("A webhook arrives while the app is waiting");
        var poll = http.postLater(messages() + ":poll", user, "{\"wait\":25}");
        screen.event("app", "POST .../messages:poll  {\"wait\":25}  and waits");
        Thread.sleep(POLL_START_DELAY);

        var began = System.nanoTime();
        var order = transaction("PENDING_SIGNATURE");
        var webhook = simulator.sendWebhook(order).json();
        var answer = poll.join();
        var took = Duration.ofNanos(System.nanoTime() - began);

        screen.event(
                "fireblocks",
                "signed transaction.status.updated, PENDING_SIGNATURE; ingress-service answered "
                        + webhook.path("status"),
                attempt(webhook));
        screen.event("app", "received " + messagesIn(answer) + " message, " + answer.body().length + " bytes", took);
        checkDelivered(webhook, answer);
        screen.command("TOKEN=$(curl -s " + simulatorUrl + "/oidc/token -d subject=" + USER
                + " | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')\n"
                + "curl -X POST " + messages() + ":poll -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '{\"wait\":25}' &\n"
                + "curl " + simulatorUrl + "/simulator/webhooks -H 'Content-Type: application/json' -d '" + order
                + "'");
        return answer.json().path("next").asString();
    }

    private String webhookBeforePoll(Map<String, String> user, String cursor) {
        screen.step("A webhook arrives first; the app acknowledges, polls and finds it");
        var order = transaction("COMPLETED");
        var webhook = simulator.sendWebhook(order).json();
        screen.event(
                "fireblocks",
                "signed transaction.status.updated, COMPLETED; ingress-service answered " + webhook.path("status"),
                attempt(webhook));
        var body = "{\"ack\":\"" + cursor + "\",\"wait\":25}";

        var answer = http.post(messages() + ":poll", user, body);

        screen.event(
                "app",
                "POST .../messages:poll  {\"ack\":\"" + cursor.substring(0, Math.min(12, cursor.length()))
                        + "...\"}  received " + messagesIn(answer) + " message",
                answer.took());
        checkDelivered(webhook, answer);
        screen.command("curl -X POST " + messages() + ":poll -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '{\"ack\":\"<next of the last answer>\"}'");
        return answer.json().path("next").asString();
    }

    private void reconnect(Map<String, String> user, String cursor) throws InterruptedException {
        screen.step("The app was away; it goes on with the same cursor by server-sent events, then by WebSocket");
        var first = simulator.sendWebhook(transaction("CONFIRMING")).json();
        var second = simulator.sendWebhook(transaction("COMPLETED")).json();
        screen.event(
                "fireblocks",
                "signed two webhooks; nobody was connected",
                attempt(first).plus(attempt(second)));
        var stream = delivery + "/v1/devices/" + deviceId + "/stream";

        var began = System.nanoTime();
        var event = streams.nextEvent(stream, user, cursor);
        screen.event("app", "GET .../stream  Last-Event-ID: the poll's cursor  received 1 message", since(began));
        var again = System.nanoTime();
        var word = streams.nextSocketMessage(
                        delivery.replace("http:", "ws:") + "/v1/devices/" + deviceId + "/ws",
                        String.valueOf(user.get("Authorization")),
                        event.path("cursor").asString())
                .join();
        screen.event("app", "GET .../ws  hello with the event's cursor  received 1 message", since(again));

        screen.check(
                idOf(first).equals(event.path("id").asString())
                        && idOf(second).equals(word.path("id").asString()),
                "the first came by the one, the second by the other: nothing lost, nothing twice");
        screen.command("curl -N " + stream + " -H \"Authorization: Bearer $TOKEN\" -H 'Last-Event-ID: <cursor>'");
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The id of the notification that was signed. */
    private static String idOf(JsonNode webhook) {
        return JSON.readTree(webhook.path("body").asString()).path("id").asString();
    }

    private void rpc(Map<String, String> user) {
        screen.step("The app's SDK calls Fireblocks");
        var order = "{\"deviceId\":\"" + deviceId + "\",\"method\":\"get_service_certificates\","
                + "\"body\":\"{\\\"result\\\": {\\\"certificates\\\": \\\"Grüße, 世界 ✓\\\"}}\"}";
        simulator.answer(order);
        var payload = sdkPayload("get_service_certificates");

        var reply = callRpc(user, payload);

        screen.event("app", "POST .../rpc  " + payload);
        screen.event("app", "received " + new String(reply.body(), StandardCharsets.UTF_8), reply.took());
        checkAnswered(reply, payload);
        screen.command("curl -X POST " + delivery + "/v1/devices/" + deviceId + "/rpc"
                + " -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '" + rpcBody(payload)
                + "'");
    }

    private void rpcError(Map<String, String> user) {
        screen.step("Fireblocks answers with an error, which is the SDK's to read: it passes unchanged");
        simulator.answer("{\"deviceId\":\"" + deviceId + "\",\"method\":\"get_all_keys\","
                + "\"error\":{\"message\":\"Unexpected physicalDeviceId\",\"code\":-1}}");
        var payload = sdkPayload("get_all_keys");

        var reply = callRpc(user, payload);

        screen.event("app", "received " + new String(reply.body(), StandardCharsets.UTF_8), reply.took());
        checkAnswered(reply, payload);
    }

    private void slowAndFastRpc(Map<String, String> user) throws InterruptedException {
        screen.step("One call is held by Fireblocks for 3 s; another of the same device does not wait for it");
        simulator.answer("{\"deviceId\":\"" + deviceId + "\",\"method\":\"poll_mpc_msg\",\"holdSeconds\":3}");
        var slow = http.postLater(rpcUrl(), user, rpcBody(sdkPayload("poll_mpc_msg")));
        Thread.sleep(POLL_START_DELAY);

        var fast = callRpc(user, sdkPayload("ack_mpc_msg"));
        var first = slow.isDone() ? "slow" : "fast";

        screen.event("app", "ack_mpc_msg answered " + fast.status(), fast.took());
        var late = slow.join();
        screen.event("app", "poll_mpc_msg answered " + late.status(), late.took());
        screen.check(first.equals("fast") && fast.status() == 200 && late.status() == 200, "the fast call came first");
    }

    private void repeatBothFlows(Map<String, String> user) throws InterruptedException {
        screen.step("Both flows " + ROUNDS + " times more: the first calls above also warmed six JVMs up");
        var webhooks = new ArrayList<Duration>();
        var calls = new ArrayList<Duration>();
        var cursor = http.post(messages() + ":poll", user, "{\"wait\":0,\"after\":\"latest\"}")
                .json()
                .path("next")
                .asString();
        for (int round = 0; round < ROUNDS; round++) {
            var poll = http.postLater(messages() + ":poll", user, "{\"wait\":25,\"after\":\"" + cursor + "\"}");
            Thread.sleep(BETWEEN_ROUNDS);
            var began = System.nanoTime();
            simulator.sendWebhook(transaction("BROADCASTING"));
            var answer = poll.join();
            webhooks.add(Duration.ofNanos(System.nanoTime() - began));
            cursor = answer.json().path("next").asString();
            calls.add(callRpc(user, sdkPayload("report_event")).took());
        }
        screen.event("fireblocks", "webhook to waiting app, median", median(webhooks));
        screen.event("app", "rpc to Fireblocks and back, median", median(calls));
        screen.check(webhooks.size() == ROUNDS && calls.size() == ROUNDS, "all of them arrived");
    }

    private static Duration median(List<Duration> durations) {
        return durations.stream().sorted().toList().get(durations.size() / 2);
    }

    private Http.Reply callRpc(Map<String, String> user, String payload) {
        return http.post(rpcUrl(), user, rpcBody(payload));
    }

    private void checkDelivered(JsonNode webhook, Http.Reply answer) {
        screen.check(
                answer.status() == 200 && messagesIn(answer) == 1,
                "one message, in an answer with status " + answer.status());
        var sent = webhook.path("body").asString();
        // In Fireblocks' envelope data is the last member; cutting it out keeps its very bytes.
        var data = sent.substring(sent.indexOf("\"data\":") + "\"data\":".length(), sent.length() - 1);
        var received = new String(answer.body(), StandardCharsets.UTF_8);
        screen.check(
                received.contains("\"data\":" + data),
                "its data is what Fireblocks signed, byte for byte (" + data.getBytes(StandardCharsets.UTF_8).length
                        + " bytes)");
    }

    private void checkAnswered(Http.Reply reply, String payload) {
        var calls = simulator.calls(deviceId);
        var call = calls.path(calls.size() - 1);
        screen.check(reply.status() == 200, "delivery-service answered " + reply.status());
        screen.check(payload.equals(call.path("payload").asString()), "Fireblocks received the payload unchanged");
        screen.check(
                sha256(reply.body()).equals(call.path("answer").path("sha256").asString()),
                "the app received the " + call.path("answer").path("bytes") + " bytes that Fireblocks sent");
    }

    private String transaction(String status) {
        return "{\"type\":\"transaction.status.updated\",\"walletId\":\"" + walletId + "\",\"status\":\"" + status
                + "\"}";
    }

    /** What the SDK emits: see Fireblocks' JavaScript SDK, whose payloads have this shape. */
    private static String sdkPayload(String method) {
        return "{\"method\":\"" + method + "\",\"headers\":{\"sdkVersion\":\"12.5.6\",\"mpcVersion\":6,"
                + "\"physicalDeviceId\":\"demo\",\"platformType\":\"Web\"}}";
    }

    private static String rpcBody(String payload) {
        return JSON.writeValueAsString(Map.of("message", payload));
    }

    private String rpcUrl() {
        return delivery + "/v1/devices/" + deviceId + "/rpc";
    }

    private String messages() {
        return delivery + "/v1/devices/" + deviceId + "/messages";
    }

    private static int messagesIn(Http.Reply answer) {
        return answer.json().path("messages").size();
    }

    private static Duration attempt(JsonNode webhook) {
        return Duration.ofMillis(webhook.path("attempts").path(0).path("millis").asLong());
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
