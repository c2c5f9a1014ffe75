package dev.ncwrelay.local.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A webhook while the app does not run: a push wakes it, and it polls. */
final class PushSteps {

    private static final String TITLE = "The app is away; a push wakes it, it polls and finds the message";
    private static final String LEFT_OUT = "a push that wakes the app";
    private static final Set<String> MEMBERS = Set.of("relay", "device", "cursor");
    private static final int SHOWN = 12;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Http http;
    private final DemoOutput output;
    private final Simulator simulator;
    private final DemoDevice device;
    private final Map<String, String> user;
    private final String channel;

    /** @param user headers of the app's requests */
    PushSteps(Http http, DemoOutput output, Simulator simulator, DemoDevice device, Map<String, String> user) {
        this.http = http;
        this.output = output;
        this.simulator = simulator;
        this.device = device;
        this.user = user;
        this.channel = device.url() + "/channels/fcm";
    }

    /** The step, or one line when this stack simulates no Firebase Cloud Messaging. */
    void push() throws InterruptedException {
        if (!simulator.hasPushes()) {
            output.leftOut(LEFT_OUT, "Firebase Cloud Messaging is part of ./relay up only");
            return;
        }
        output.step(TITLE);
        var token = "demo-" + UUID.randomUUID();
        var body = "{\"token\":\"" + token + "\",\"platform\":\"android\"}";
        var registered = http.put(channel, user, body);
        output.event("app", "PUT .../channels/fcm  " + body + "  answered " + registered.status(), registered.took());
        if (registered.status() != CREATED) {
            output.check(false, "the token is registered");
            return;
        }
        var seen = http.post(device.poll(), user, "{\"wait\":0}");
        acknowledge(seen);
        output.event("app", "has acknowledged everything, and is closed");
        wake(token, registered.json().at("/connection/data/device").asString());
        var removed = http.delete(channel, user);
        output.check(removed.status() == NO_CONTENT, "the token is removed, as at a sign-out");
        output.command("curl -X PUT " + channel + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '" + body + "'\n" + simulator.pushesCommand(token));
    }

    private void wake(String token, String deviceHash) throws InterruptedException {
        var began = System.nanoTime();
        var webhook = simulator.sendWebhook(device.transaction("CONFIRMING")).json();
        output.event(
                "fireblocks",
                "signed transaction.status.updated, CONFIRMING; ingress-service answered " + webhook.path("status"));
        output.event("relay", "waits for relay.channel.fcm.delay, in which an app that runs would acknowledge");
        var push = awaitPush(token);
        var took = Duration.ofNanos(System.nanoTime() - began);
        if (push == null) {
            output.check(false, "a push within " + TIMEOUT.toSeconds() + " s");
            return;
        }
        var signed = new SignedWebhook(webhook);
        output.event(
                "fcm",
                "received a push, priority " + push.at("/android/priority").asString() + ": " + shown(push),
                took);
        var data = push.path("data");
        output.check(
                data.propertyStream()
                                .map(Map.Entry::getKey)
                                .collect(Collectors.toSet())
                                .equals(MEMBERS)
                        && data.path("device").asString().equals(deviceHash)
                        && !push.toString().contains(signed.id()),
                "it has the device's hash and a cursor, and nothing of the message");
        var answer = http.post(device.poll(), user, "{\"wait\":0}");
        output.event(
                "app", "is woken; POST .../messages:poll  received " + messagesIn(answer) + " message", answer.took());
        output.check(
                messagesIn(answer) == 1
                        && new String(answer.body(), StandardCharsets.UTF_8).contains("\"data\":" + signed.data()),
                "its data is identical to what Fireblocks signed");
        acknowledge(answer);
    }

    private void acknowledge(Http.Reply poll) {
        var cursor = poll.json().path("next").asString();
        var answer = http.post(device.url() + "/acks", user, "{\"ack\":\"" + cursor + "\"}");
        if (answer.status() != NO_CONTENT) {
            output.check(false, "acknowledged, not " + answer.status());
        }
    }

    /** The first push to the token; null when there was none in time. */
    private @Nullable JsonNode awaitPush(String token) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            var pushes = simulator.pushes(token);
            if (!pushes.isEmpty()) {
                return pushes.path(0).path("message");
            }
            Thread.sleep(PAUSE);
        }
        return null;
    }

    private static String shown(JsonNode push) {
        var cursor = push.at("/data/cursor").asString();
        return push.path("data")
                .toString()
                .replace(cursor, cursor.substring(0, Math.min(SHOWN, cursor.length())) + "...");
    }

    private static int messagesIn(Http.Reply answer) {
        return answer.json().path("messages").size();
    }
}
