package dev.ncwrelay.delivery.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads and discards the rest of the body of a rejected request for a limited time: a client that is still sending
 * would otherwise lose the response in a connection reset (RFC 9112 section 9.6).
 */
final class LingerFilter extends OncePerRequestFilter {

    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final int BUFFER_BYTES = 8_192;

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        if (response.getStatus() >= HttpStatus.BAD_REQUEST.value()
                && !request.isAsyncStarted()
                && BodyLimitFilter.hasBody(request)
                // Its client waits for 100 Continue before it sends the body, and gets the response instead.
                && request.getHeader(HttpHeaders.EXPECT) == null) {
            discardRest(request, response);
        }
    }

    private static void discardRest(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long end = System.nanoTime() + LINGER.toNanos();
        var body = request.getInputStream();
        if (body.isFinished()) {
            return;
        }
        // A client that still sends, or has stopped in the middle, cannot use it for another request.
        response.setHeader(HttpHeaders.CONNECTION, "close");
        response.flushBuffer();
        var buffer = new byte[BUFFER_BYTES];
        try (var _ = IdleTimeout.of(request, LINGER)) {
            while (System.nanoTime() < end && body.read(buffer) >= 0) {
                // Nothing is kept.
            }
        } catch (IOException e) {
            // The client has disconnected or stopped sending; the response has been written.
        }
    }
}
