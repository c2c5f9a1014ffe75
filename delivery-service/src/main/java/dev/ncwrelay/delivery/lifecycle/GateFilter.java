package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.problem.Problem;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns requests away that cannot be answered rightly: those that come before this node knows every device, which would
 * be told that theirs does not exist, and those whose body is too large to be one of ours.
 */
final class GateFilter extends OncePerRequestFilter {

    private final Readiness readiness;
    private final long maxBodyBytes;
    private final JsonMapper json;

    GateFilter(Readiness readiness, long maxBodyBytes, JsonMapper json) {
        this.readiness = readiness;
        this.maxBodyBytes = maxBodyBytes;
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!readiness.knowsEnough()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            refuse(
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "not-ready",
                    "Not ready yet",
                    "this node is still reading what it needs to answer; try again");
            return;
        }
        if (request.getContentLengthLong() > maxBodyBytes) {
            refuse(
                    response,
                    HttpStatus.CONTENT_TOO_LARGE,
                    "body-too-large",
                    "The body is too large",
                    "at most " + maxBodyBytes + " bytes are expected");
            return;
        }
        chain.doFilter(new BoundedRequest(request, maxBodyBytes), response);
    }

    private void refuse(HttpServletResponse response, HttpStatus status, String name, String title, String detail)
            throws IOException {
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        json.writeValue(response.getOutputStream(), Problem.body(status, name, title, detail, Map.of()));
    }
}
