package dev.ncwrelay.ingress.webhook;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers what the server refuses before the handler sees it, in the same shape; the request itself is not repeated. */
final class MalformedRequestHandler extends ErrorHandler {

    /** The server's own answers only GET, POST and HEAD with a body. */
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
            body = Problem.UNAVAILABLE.body("send it again");
        } else {
            // A version or transfer coding of HTTP that is not supported is 5xx to Jetty, and the sender's fault here.
            int status = code > HttpStatus.INTERNAL_SERVER_ERROR_500 ? HttpStatus.BAD_REQUEST_400 : code;
            response.setStatus(status);
            body = Problem.ofServer(status, HttpStatus.getMessage(status));
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
