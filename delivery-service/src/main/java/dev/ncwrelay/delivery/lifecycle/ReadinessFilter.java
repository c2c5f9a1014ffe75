package dev.ncwrelay.delivery.lifecycle;

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

/** Answers 503 until all devices are loaded; before, a registered device would get 404. */
final class ReadinessFilter extends OncePerRequestFilter {

    private final Readiness readiness;

    ReadinessFilter(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!readiness.canServe()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            ProblemWriter.write(
                    request,
                    response,
                    Problem.body(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "not-ready",
                            "Service starting",
                            "this node is still loading its state; retry later",
                            Map.of()));
            return;
        }
        chain.doFilter(request, response);
    }
}
