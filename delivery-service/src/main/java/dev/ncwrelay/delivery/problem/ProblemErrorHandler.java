package dev.ncwrelay.delivery.problem;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Writes a problem for what Jetty rejects itself: requests it cannot parse, and those that arrive while it stops.
 * Jetty's own response repeats the URL and depends on what the client accepts.
 */
public final class ProblemErrorHandler extends ErrorHandler {

    public ProblemErrorHandler() {
        setCacheControl("no-store");
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        var path = request.getHttpURI().getPath();
        var problem = HttpStatusProblems.of(code);
        var headers = response.getHeaders();
        if (problem.getStatus() == 503) {
            headers.put(HttpHeader.RETRY_AFTER, "2");
        }
        response.setStatus(problem.getStatus());
        var body = ProblemWriter.body(path, problem);
        headers.put(HttpHeader.CONTENT_TYPE, ProblemWriter.mediaType(path));
        headers.put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
