package dev.ncwrelay.delivery.http;

import dev.ncwrelay.delivery.problem.HttpStatusProblems;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Rejects malformed queries and headers early, because they would fail when they are read, possibly after a long wait.
 * Adds a body to bodiless errors.
 */
final class RequestValidationFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var refusal = refusal(request, response);
        if (refusal.isPresent()) {
            ProblemWriter.write(request, response, refusal.get());
            return;
        }
        chain.doFilter(request, response);
        if (!request.isAsyncStarted()
                && response.getStatus() >= HttpStatus.BAD_REQUEST.value()
                && response.getContentType() == null) {
            ProblemWriter.write(request, response, HttpStatusProblems.of(response.getStatus()));
        }
    }

    private static Optional<ProblemDetail> refusal(HttpServletRequest request, HttpServletResponse response) {
        if (request.getMethod().equals(HttpMethod.TRACE.name())) {
            // It would repeat the headers of the request, tokens included (RFC 9110 section 9.3.8).
            response.setHeader(HttpHeaders.ALLOW, "GET, POST, PUT, DELETE");
            return Optional.of(HttpStatusProblems.of(HttpStatus.METHOD_NOT_ALLOWED.value()));
        }
        var query = request.getQueryString();
        if (query != null && !QuerySyntax.isWellFormed(query)) {
            return badRequest(
                    "a query of ASCII characters is expected, with UTF-8 in % escapes and plain parameter names");
        }
        if (!isMediaType(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            return badRequest("a Content-Type of the form type/subtype is expected");
        }
        if (!hasLocale(request)) {
            return badRequest("an Accept-Language with a list of language tags is expected");
        }
        var coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            // RFC 9110 section 12.5.3.
            response.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
            return Optional.of(HttpStatusProblems.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE.value()));
        }
        return Optional.empty();
    }

    private static boolean isMediaType(@Nullable String given) {
        if (given == null || given.isEmpty()) {
            return true;
        }
        try {
            // Looks up the charset too, which parsing does not.
            var type = MediaType.parseMediaType(given);
            var _ = type.getCharset();
            return type.isConcrete();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Spring reads it with every request. */
    private static boolean hasLocale(HttpServletRequest request) {
        try {
            var _ = request.getLocale();
            return true;
        } catch (RuntimeException unreadable) {
            return false;
        }
    }

    private static Optional<ProblemDetail> badRequest(String expected) {
        return Optional.of(Problem.badRequest(expected).getBody());
    }
}
