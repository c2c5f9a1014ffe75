package dev.ncwrelay.local.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Webhooks on their way to the app: over a held poll, a later poll, server-sent events and WebSocket. */
final class MessageSteps {

    /** Long enough for the poll to be held before the webhook is sent; only the printed order depends on it. */
    private static final Duration POLL_START_DELAY = Duration.ofMillis(300);

    private final Http http;
    private final DemoOutput output;
    private final Simulator simulator;
    private final StreamClients streams;
    private final DemoDevice device;
    private final Map<String, String> user;

    /** @param user headers of the app's requests */
    MessageSteps(Http http, DemoOutput output, Simulator simulator, DemoDevice device, Map<String, String> user) {
        this.http = http;
        this.output = output;
        this.simulator = simulator;
        this.streams = new StreamClients(http.client());
        this.device = device;
        this.user = user;
    }

    /** Returns the cursor after the message. */
    String webhookDuringPoll() throws InterruptedException {
        output.step("A webhook arrives while the app is polling");
        var poll = http.postLater(device.poll(), user, "{\"wait\":25}");
        output.event("app", "POST .../messages:poll  {\"wait\":25}  and waits");
        Thread.sleep(POLL_START_DELAY);

        var began = System.nanoTime();
        var order = device.transaction("PENDING_SIGNATURE");
        var webhook = simulator.sendWebhook(order).json();
        var answer = poll.join();
        var took = since(began);

        output.event(
                "fireblocks",
                "signed transaction.status.updated, PENDING_SIGNATURE; ingress-service answered "
                        + webhook.path("status"),
                attempt(webhook));
        output.event("app", "received " + messagesIn(answer) + " message, " + answer.body().length + " bytes", took);
        checkDelivered(webhook, answer);
        output.command(simulator.tokenCommand("-d subject=" + device.user()) + "\n"
                + "curl -X POST " + device.poll() + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '{\"wait\":25}' &\n"
                + simulator.webhookCommand(order));
        return answer.json().path("next").asString();
    }

    /** Returns the cursor after the message. */
    String webhookBeforePoll(String cursor) {
        output.step("A webhook arrives before the app polls; the poll acknowledges and returns at once");
        var webhook = simulator.sendWebhook(device.transaction("COMPLETED")).json();
        output.event(
                "fireblocks",
                "signed transaction.status.updated, COMPLETED; ingress-service answered " + webhook.path("status"),
                attempt(webhook));
        var body = "{\"ack\":\"" + cursor + "\",\"wait\":25}";

        var answer = http.post(device.poll(), user, body);

        output.event(
                "app",
                "POST .../messages:poll  {\"ack\":\"" + cursor.substring(0, Math.min(12, cursor.length()))
                        + "...\"}  received " + messagesIn(answer) + " message",
                answer.took());
        checkDelivered(webhook, answer);
        output.command("curl -X POST " + device.poll() + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '{\"ack\":\"<next of the last answer>\"}'");
        return answer.json().path("next").asString();
    }

    void reconnect(String cursor) throws InterruptedException {
        output.step("The app reconnects with the same cursor, by server-sent events and then by WebSocket");
        var first = simulator.sendWebhook(device.transaction("CONFIRMING")).json();
        var second = simulator.sendWebhook(device.transaction("COMPLETED")).json();
        output.event(
                "fireblocks",
                "signed two webhooks while no client was connected",
                attempt(first).plus(attempt(second)));
        var stream = device.url() + "/stream";

        var began = System.nanoTime();
        var event = streams.nextEvent(stream, user, cursor);
        output.event("app", "GET .../stream  Last-Event-ID: the poll's cursor  received 1 message", since(began));
        var again = System.nanoTime();
        var message = streams.nextSocketMessage(
                        device.url().replace("http:", "ws:") + "/ws",
                        String.valueOf(user.get("Authorization")),
                        event.path("cursor").asString())
                .join();
        output.event("app", "GET .../ws  hello with the event's cursor  received 1 message", since(again));

        output.check(
                new SignedWebhook(first).id().equals(event.path("id").asString())
                        && new SignedWebhook(second)
                                .id()
                                .equals(message.path("id").asString()),
                "each message was received exactly once and in order");
        output.command("curl -N " + stream + " -H \"Authorization: Bearer $TOKEN\" -H 'Last-Event-ID: <cursor>'");
    }

    private void checkDelivered(JsonNode webhook, Http.Reply answer) {
        output.check(
                answer.status() == 200 && messagesIn(answer) == 1,
                "one message, in a response with status " + answer.status());
        var data = new SignedWebhook(webhook).data();
        var received = new String(answer.body(), StandardCharsets.UTF_8);
        output.check(
                received.contains("\"data\":" + data),
                "its data is identical to what Fireblocks signed (" + data.getBytes(StandardCharsets.UTF_8).length
                        + " bytes)");
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static int messagesIn(Http.Reply answer) {
        return answer.json().path("messages").size();
    }

    private static Duration attempt(JsonNode webhook) {
        return Duration.ofMillis(webhook.path("attempts").path(0).path("millis").asLong());
    }
}
