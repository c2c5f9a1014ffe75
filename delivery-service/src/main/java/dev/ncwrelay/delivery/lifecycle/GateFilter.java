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

/**
 * Turns requests away that cannot be answered rightly: those that come before this node knows every device, which would
 * be told that theirs does not exist, and those whose body is too large to be one of ours.
 */
final class GateFilter extends OncePerRequestFilter {

    private final Readiness readiness;
    private final long maxBodyBytes;

    GateFilter(Readiness readiness, long maxBodyBytes) {
        this.readiness = readiness;
        this.maxBodyBytes = maxBodyBytes;
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
        if (request.getContentLengthLong() > maxBodyBytes) {
            ProblemWriter.write(
                    request, response, BoundedRequest.tooLarge(maxBodyBytes).getBody());
            return;
        }
        chain.doFilter(new BoundedRequest(request, maxBodyBytes), response);
    }
}
