package dev.ncwrelay.delivery.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.DefaultCorsProcessor;

/** Spring's CORS rules, with a problem as the response to a rejected request. */
final class ProblemCorsProcessor extends DefaultCorsProcessor {

    private final ProblemResponder responder;

    ProblemCorsProcessor(ProblemResponder responder) {
        this.responder = responder;
    }

    @Override
    public boolean processRequest(
            @Nullable CorsConfiguration allowed, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            boolean isAllowed = super.processRequest(allowed, request, response);
            if (!isAllowed) {
                responder.refuseOrigin(request, response);
            }
            return isAllowed;
        } catch (IllegalArgumentException unreadable) {
            // Spring reads all headers for it; a charset with an impossible name fails there.
            responder.refusePath(request, response);
            return false;
        }
    }

    /** The problem is written above, where the request is known. */
    @Override
    protected void rejectRequest(ServerHttpResponse response) {}
}
