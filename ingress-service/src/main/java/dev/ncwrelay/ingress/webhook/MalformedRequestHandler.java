package dev.ncwrelay.ingress.webhook;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers requests that Jetty rejects before the handler, as a problem that does not quote the request. */
final class MalformedRequestHandler extends ErrorHandler {

    /** Jetty's default sends a body only for GET, POST and HEAD. */
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
        byte[] body;
        if (code == HttpStatus.INTERNAL_SERVER_ERROR_500 || code == HttpStatus.SERVICE_UNAVAILABLE_503) {
            response.setStatus(Problem.UNAVAILABLE.status());
            Problem.UNAVAILABLE
                    .retryAfter()
                    .ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
            body = Problem.UNAVAILABLE.body("retry later");
        } else {
            // Jetty answers an unsupported HTTP version or transfer coding with 5xx; here it is an error of the client.
            int status = code > HttpStatus.INTERNAL_SERVER_ERROR_500 ? HttpStatus.BAD_REQUEST_400 : code;
            response.setStatus(status);
            body = Problem.ofServer(status, HttpStatus.getMessage(status));
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
