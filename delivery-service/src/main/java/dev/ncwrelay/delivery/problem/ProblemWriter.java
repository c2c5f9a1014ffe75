package dev.ncwrelay.delivery.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a problem as the response, whatever the client accepts: as problem+json (RFC 9457), and on the paths of
 * Fireblocks' demo backend as JSON with the demo's own member {@code error}.
 */
public final class ProblemWriter {

    private static final JsonMapper JSON = JsonMapper.builder()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();

    private static final String DEMO_PATHS = "/api/";

    private ProblemWriter() {}

    /** Keeps headers that are set already; writes nothing when the response is committed. */
    public static void write(HttpServletRequest request, HttpServletResponse response, ProblemDetail problem)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.getStatus());
        response.setHeader(HttpHeaders.CONTENT_TYPE, mediaType(request.getRequestURI()));
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.getOutputStream().write(body(request.getRequestURI(), problem));
    }

    /** The same with the problem's own headers. */
    public static void write(HttpServletRequest request, HttpServletResponse response, ErrorResponseException problem)
            throws IOException {
        if (!response.isCommitted()) {
            setHeaders(response, problem.getHeaders());
        }
        write(request, response, problem.getBody());
    }

    static void setHeaders(HttpServletResponse response, HttpHeaders headers) {
        headers.forEach((name, values) -> response.setHeader(name, String.join(", ", values)));
    }

    static String mediaType(@Nullable String path) {
        return isDemoPath(path) ? MediaType.APPLICATION_JSON_VALUE : MediaType.APPLICATION_PROBLEM_JSON_VALUE;
    }

    static byte[] body(@Nullable String path, ProblemDetail problem) {
        if (isDemoPath(path)) {
            problem.setProperty("error", problem.getDetail());
        }
        return JSON.writeValueAsBytes(problem);
    }

    private static boolean isDemoPath(@Nullable String path) {
        return path != null && path.startsWith(DEMO_PATHS);
    }
}
