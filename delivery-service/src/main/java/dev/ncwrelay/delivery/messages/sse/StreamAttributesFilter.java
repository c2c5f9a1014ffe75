package dev.ncwrelay.delivery.messages.sse;

import dev.ncwrelay.delivery.http.FilterOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Removes the attributes that Spring sets on a request from that of an open stream: the token and its claims, the
 * handler, the path. A stream is not dispatched again, and keeps its request in memory for minutes.
 */
@Component
@Order(FilterOrder.STREAM_ATTRIBUTES)
final class StreamAttributesFilter extends OncePerRequestFilter {

    private static final String SPRING = "org.springframework.";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        chain.doFilter(request, response);
        var type = response.getContentType();
        if (request.isAsyncStarted() && type != null && type.startsWith(SseController.MEDIA_TYPE)) {
            Collections.list(request.getAttributeNames()).stream()
                    .filter(name -> name.startsWith(SPRING))
                    .forEach(request::removeAttribute);
        }
    }
}
