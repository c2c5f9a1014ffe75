package dev.ncwrelay.ingress.webhook;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Answers what the server refuses before Spring sees it, in the same shape; the request itself is not repeated. */
final class MalformedRequests extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        var body = """
                {"type":"%s","title":"%s","status":%d,"detail":"a well-formed HTTP request is expected"}""".formatted(Problem.type("http-" + code), HttpStatus.getMessage(code), code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        Content.Sink.write(response, true, body, callback);
    }
}
