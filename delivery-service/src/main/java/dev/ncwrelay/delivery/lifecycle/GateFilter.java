package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.presence.IdleTimeout;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Turns requests away that cannot be answered rightly: those that come before this node knows every device, which would
 * be told that theirs does not exist, and those whose body is too large, too slow, or one too many.
 */
final class GateFilter extends OncePerRequestFilter {

    private final Readiness readiness;
    private final ServiceSettings settings;
    private final BodyBudget budget;

    GateFilter(Readiness readiness, ServiceSettings settings, BodyBudget budget) {
        this.readiness = readiness;
        this.settings = settings;
        this.budget = budget;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!readiness.knowsEnough()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            ProblemWriter.write(
                    request,
                    response,
                    Problem.body(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "not-ready",
                            "Not ready yet",
                            "this node is still reading what it needs to answer; try again",
                            Map.of()));
            return;
        }
        long maxBytes = settings.maxBody().toBytes();
        if (request.getContentLengthLong() > maxBytes) {
            ProblemWriter.write(
                    request, response, BoundedRequest.tooLarge(maxBytes).getBody());
            return;
        }
        if (!hasBody(request)) {
            chain.doFilter(request, response);
            return;
        }
        // The body has been read when the chain returns, also where the answer comes later.
        try (var _ = IdleTimeout.of(request, settings.rateWindow());
                var bounded = new BoundedRequest(request, settings, budget, System::nanoTime)) {
            chain.doFilter(bounded, response);
        }
    }

    /** RFC 9112 section 6.3. */
    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }
}
