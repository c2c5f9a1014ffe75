package dev.ncwrelay.delivery.http;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.problem.ProblemMapper;
import dev.ncwrelay.delivery.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Rejects bodies that are too large, arrive too slowly, or exceed the memory for bodies. */
final class BodyLimitFilter extends OncePerRequestFilter {

    private final HttpSettings settings;
    private final BodyBudget budget;

    BodyLimitFilter(HttpSettings settings, BodyBudget budget) {
        this.settings = settings;
        this.budget = budget;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long max = settings.maxBody().toBytes();
        if (request.getContentLengthLong() > max) {
            ProblemWriter.write(
                    request,
                    response,
                    ProblemMapper.of(new Failure.BodyTooLarge(max)).getBody());
            return;
        }
        if (!hasBody(request)) {
            chain.doFilter(request, response);
            return;
        }
        // The body has been read when the chain returns, also when the response is written later.
        try (var _ = IdleTimeout.of(request, settings.rateWindow());
                var bounded = new BoundedRequest(request, new BodyMeter(settings, budget, System::nanoTime))) {
            chain.doFilter(bounded, response);
        }
    }

    /** RFC 9112 section 6.3. */
    static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }
}
