package dev.ncwrelay.channel;

import static org.awaitility.Awaitility.await;

import dev.ncwrelay.testkit.rabbitmq.LocalRabbitMq;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A browser that reads a queue by STOMP over WebSocket: https://stomp.github.io/stomp-specification-1.2.html. */
final class StompClient implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> frames = new CopyOnWriteArrayList<>();
    private final WebSocket socket;

    StompClient(LocalRabbitMq rabbit, String user, String token) {
        socket = http.newWebSocketBuilder()
                .subprotocols("v12.stomp")
                .buildAsync(URI.create("ws://127.0.0.1:" + rabbit.webStompPort() + "/ws"), new Frames())
                .join();
        send("CONNECT\naccept-version:1.2\nhost:/\nlogin:" + user + "\npasscode:" + token + "\n\n");
    }

    StompClient consume(String queue) {
        await().atMost(Duration.ofMinutes(1)).until(() -> !frames.isEmpty());
        send("SUBSCRIBE\nid:1\ndestination:/amq/queue/" + queue + "\nack:auto\n\n");
        return this;
    }

    /** Received so far, each as command, headers and body. */
    List<String> frames() {
        return frames;
    }

    /** True when the broker has ended the connection, as it does when it refuses a queue. */
    boolean isRefused() {
        return socket.isInputClosed();
    }

    private void send(String frame) {
        socket.sendText(frame + '\0', true).join();
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }

    private final class Frames implements WebSocket.Listener {

        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
            part.append(text);
            for (int end = part.indexOf("\0"); end >= 0; end = part.indexOf("\0")) {
                frames.add(part.substring(0, end).strip());
                part.delete(0, end + 1);
            }
            from.request(1);
            return null;
        }
    }
}
