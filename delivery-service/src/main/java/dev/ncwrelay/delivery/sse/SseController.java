package dev.ncwrelay.delivery.sse;

import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.access.TokenLife;
import dev.ncwrelay.delivery.live.LiveStreams;
import dev.ncwrelay.delivery.live.Window;
import dev.ncwrelay.delivery.stream.Positioning;
import dev.ncwrelay.delivery.wire.ConsumerName;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** A device's stream for browsers: {@code new EventSource(...)}. */
@RestController
class SseController {

    private final Ownership ownership;
    private final Positioning positioning;
    private final LiveStreams live;
    private final JsonMapper json;

    SseController(Ownership ownership, Positioning positioning, LiveStreams live, JsonMapper json) {
        this.ownership = ownership;
        this.positioning = positioning;
        this.live = live;
        this.json = json;
    }

    /** Follows the stream on the request's own thread, a virtual one, until it ends. */
    @GetMapping("/v1/devices/{deviceId}/stream")
    void stream(
            @PathVariable String deviceId,
            @RequestParam(required = false) @Nullable String consumer,
            @RequestParam(required = false) @Nullable String after,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            Authentication caller,
            HttpServletResponse response)
            throws IOException {
        var device = ownership.require(deviceId, caller);
        var name = ConsumerName.checked(consumer);
        // A browser that comes back sends the query it began with, and where it is now in the header.
        var from = positioning.require(device, name, lastEventId == null ? after : lastEventId);
        var sink = new SseSink(response.getOutputStream(), json);
        var stream = live.open(device, name, from, Window.unbounded(), sink, TokenLife.of(caller));
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        // nginx would gather what is to be sent at once.
        response.setHeader("X-Accel-Buffering", "no");
        var _ = live.follow(device, stream, "sse");
    }

    /** Spring would run {@link #stream} for it, which takes the consumer's place and stays for a connection's life. */
    @RequestMapping(path = "/v1/devices/{deviceId}/stream", method = RequestMethod.HEAD)
    void head() throws HttpRequestMethodNotSupportedException {
        throw new HttpRequestMethodNotSupportedException("HEAD", List.of("GET"));
    }
}
