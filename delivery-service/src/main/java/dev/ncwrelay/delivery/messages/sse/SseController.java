package dev.ncwrelay.delivery.messages.sse;

import dev.ncwrelay.delivery.http.connection.ClientConnection;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.subscription.SendWindow;
import dev.ncwrelay.delivery.messages.subscription.Subscription;
import dev.ncwrelay.delivery.messages.subscription.SubscriptionEnd;
import dev.ncwrelay.delivery.messages.subscription.Subscriptions;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.delivery.security.TokenExpiry;
import dev.ncwrelay.devices.RegisteredDevice;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** A device's stream as server-sent events, for {@code EventSource} in browsers. */
@RestController
class SseController {

    static final String MEDIA_TYPE = "text/event-stream";

    /** Allocated per stream; larger events are written directly. */
    private static final int BUFFER_BYTES = 512;

    private final StartPositions startPositions;
    private final Subscriptions subscriptions;
    private final ExecutorService workers;
    private final JsonMapper json;

    SseController(
            StartPositions startPositions, Subscriptions subscriptions, ExecutorService waitWorkers, JsonMapper json) {
        this.startPositions = startPositions;
        this.subscriptions = subscriptions;
        this.workers = waitWorkers;
        this.json = json;
    }

    /** Opens the stream. It uses no thread while it waits, and never a thread of the server. */
    @GetMapping("/v1/devices/{deviceId}/stream")
    void stream(
            @RequestParam(required = false) @Nullable String consumer,
            @RequestParam(required = false) @Nullable String after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @OwnDevice RegisteredDevice device,
            Authentication caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var name = ConsumerName.checked(consumer);
        // A browser that reconnects sends the original query, and its current position in the header.
        var from = startPositions.require(device, name, lastEventId == null ? after : lastEventId);
        response.setBufferSize(BUFFER_BYTES);
        var subscriber = new SseSubscriber(response.getOutputStream(), json);
        var subscription =
                subscriptions.open(device, name, from, SendWindow.unbounded(), subscriber, TokenExpiry.of(caller));
        try {
            response.setContentType(MEDIA_TYPE + ";charset=UTF-8");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            // Otherwise nginx buffers the events.
            response.setHeader("X-Accel-Buffering", "no");
            // Before another thread writes: until then the filters around this call add headers.
            response.flushBuffer();
            var connection = request.startAsync();
            connection.setTimeout(0);
            var presence = ClientConnection.watch(request, () -> subscription.stop(SubscriptionEnd.CLIENT_GONE));
            workers.execute(() -> follow(subscription, connection, presence));
        } catch (IOException | RuntimeException e) {
            subscriptions.release(subscription);
            throw e;
        }
    }

    private void follow(Subscription subscription, AsyncContext connection, Optional<ClientConnection> presence) {
        var _ = subscriptions.follow(subscription, "sse").whenComplete((end, _) -> {
            if (end == SubscriptionEnd.CLIENT_SLOW
                    || end == SubscriptionEnd.CLIENT_GONE
                    || end == SubscriptionEnd.FAILED) {
                // A write in progress would block the end of the response.
                presence.ifPresent(ClientConnection::cut);
            }
            connection.complete();
        });
    }
}
