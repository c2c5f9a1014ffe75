package dev.ncwrelay.delivery.sse;

import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.access.TokenLife;
import dev.ncwrelay.delivery.live.LiveEnd;
import dev.ncwrelay.delivery.live.LiveStream;
import dev.ncwrelay.delivery.live.LiveStreams;
import dev.ncwrelay.delivery.live.Window;
import dev.ncwrelay.delivery.presence.Presence;
import dev.ncwrelay.delivery.stream.Positioning;
import dev.ncwrelay.delivery.wire.ConsumerName;
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
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** A device's stream for browsers: {@code new EventSource(...)}. */
@RestController
class SseController {

    static final String MEDIA_TYPE = "text/event-stream";

    /** Held by each stream; events that are larger pass by it. */
    private static final int BUFFER_BYTES = 512;

    private final Ownership ownership;
    private final Positioning positioning;
    private final LiveStreams live;
    private final ExecutorService workers;
    private final JsonMapper json;

    SseController(
            Ownership ownership,
            Positioning positioning,
            LiveStreams live,
            ExecutorService waitWorkers,
            JsonMapper json) {
        this.ownership = ownership;
        this.positioning = positioning;
        this.live = live;
        this.workers = waitWorkers;
        this.json = json;
    }

    /** Begins the stream; it is followed without a thread while it waits, and never on one of the server's. */
    @GetMapping("/v1/devices/{deviceId}/stream")
    void stream(
            @PathVariable String deviceId,
            @RequestParam(required = false) @Nullable String consumer,
            @RequestParam(required = false) @Nullable String after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Authentication caller,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var device = ownership.require(deviceId, caller);
        var name = ConsumerName.checked(consumer);
        // A browser that comes back sends the query it began with, and where it is now in the header.
        var from = positioning.require(device, name, lastEventId == null ? after : lastEventId);
        response.setBufferSize(BUFFER_BYTES);
        var sink = new SseSink(response.getOutputStream(), json);
        var stream = live.open(device, name, from, Window.unbounded(), sink, TokenLife.of(caller));
        try {
            response.setContentType(MEDIA_TYPE + ";charset=UTF-8");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            // nginx would gather what is to be sent at once.
            response.setHeader("X-Accel-Buffering", "no");
            // Before another thread writes: the filters behind which this is called add headers until then.
            response.flushBuffer();
            var connection = request.startAsync();
            connection.setTimeout(0);
            var presence = Presence.watch(request, () -> stream.stop(LiveEnd.GONE));
            workers.execute(() -> follow(stream, connection, presence));
        } catch (IOException | RuntimeException e) {
            live.abandon(stream);
            throw e;
        }
    }

    private void follow(LiveStream stream, AsyncContext connection, Optional<Presence> presence) {
        var _ = live.follow(stream, "sse").whenComplete((end, _) -> {
            if (end == LiveEnd.SLOW || end == LiveEnd.GONE || end == LiveEnd.FAILED) {
                // A write may be under way, which would hold up the end of the response.
                presence.ifPresent(Presence::cut);
            }
            connection.complete();
        });
    }
}
