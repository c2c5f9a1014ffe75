package dev.ncwrelay.local.demo;

import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Delivery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A webhook on its way to a queue in RabbitMQ, which the app reads with the user's token. */
final class QueueSteps {

    private static final String TITLE =
            "The device subscribes to RabbitMQ too; the app reads its queue with the token as the password";
    private static final String LEFT_OUT = "a message read from a queue";
    private static final int CREATED = 201;
    private static final int NOT_CONFIGURED = 501;
    private static final int CONNECT_MILLIS = 2_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Http http;
    private final DemoOutput output;
    private final Simulator simulator;
    private final DemoDevice device;
    private final Map<String, String> user;
    private final String token;

    /**
     * Creates it.
     *
     * @param user headers of the app's requests
     * @param token the same user's token, which is the password at RabbitMQ
     */
    QueueSteps(
            Http http,
            DemoOutput output,
            Simulator simulator,
            DemoDevice device,
            Map<String, String> user,
            String token) {
        this.http = http;
        this.output = output;
        this.simulator = simulator;
        this.device = device;
        this.user = user;
        this.token = token;
    }

    /** The step, or one line when this stack has no RabbitMQ. */
    void queue() throws InterruptedException {
        var url = device.url() + "/channels/rabbitmq";
        var subscribed = http.put(url, user, "{}");
        if (subscribed.status() == NOT_CONFIGURED) {
            output.leftOut(LEFT_OUT, "./relay up --rabbitmq says why RabbitMQ is not part of it");
            return;
        }
        if (subscribed.status() != CREATED) {
            output.step(TITLE);
            output.check(false, "delivery-service answered " + subscribed.status());
            return;
        }
        var connection = subscribed.json().path("connection");
        var address = URI.create(connection.path("url").asString());
        if (!accepts(address)) {
            http.delete(url, user);
            output.leftOut(LEFT_OUT, "no RabbitMQ runs at " + address);
            return;
        }
        output.step(TITLE);
        output.event("app", "PUT .../channels/rabbitmq  {}  answered " + subscribed.status(), subscribed.took());
        output.check(isActive(url), "channel-service has made the queue: the subscription is active");
        read(address, connection);
        output.command("curl -X PUT " + url + " -H \"Authorization: Bearer $TOKEN\""
                + " -H 'Content-Type: application/json' -d '{}'");
        http.delete(url, user);
    }

    private void read(URI address, JsonNode connection) throws InterruptedException {
        var began = System.nanoTime();
        var webhook = simulator.sendWebhook(device.transaction("CONFIRMING")).json();
        output.event(
                "fireblocks",
                "signed transaction.status.updated, CONFIRMING; ingress-service answered " + webhook.path("status"));
        var received = receive(address, connection);
        var took = Duration.ofNanos(System.nanoTime() - began);
        if (received == null) {
            output.check(false, "a message in the queue");
            return;
        }
        output.event("app", "received 1 message, " + received.getBody().length + " bytes", took);
        var signed = new SignedWebhook(webhook);
        output.check(
                signed.id().equals(received.getProperties().getMessageId())
                        && signed.data().equals(new String(received.getBody(), StandardCharsets.UTF_8)),
                "its body is identical to the data that Fireblocks signed");
    }

    /** The next message of the queue; null when there was none in time or the user was refused. */
    private @Nullable Delivery receive(URI address, JsonNode connection) throws InterruptedException {
        var factory = new ConnectionFactory();
        var found = new CompletableFuture<Delivery>();
        try {
            factory.setUri(address);
            factory.setUsername(connection.path("username").asString());
            factory.setPassword(token);
            try (var open = factory.newConnection();
                    var channel = open.createChannel()) {
                channel.basicConsume(
                        connection.path("queue").asString(),
                        true,
                        (_, delivery) -> found.complete(delivery),
                        _ -> found.cancel(false));
                return found.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (IOException
                | TimeoutException
                | GeneralSecurityException
                | URISyntaxException
                | ExecutionException
                | CancellationException e) {
            output.event("app", "RabbitMQ: " + e);
            return null;
        }
    }

    private boolean isActive(String url) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!http.get(url, user).json().path("state").asString().equals("active")) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }

    private static boolean accepts(URI address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
