package dev.ncwrelay.delivery.access;

import java.io.IOException;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.cors.DefaultCorsProcessor;

/** Spring's rules of CORS, with this service's refusal. */
final class Origins extends DefaultCorsProcessor {

    private final ProblemResponder responder;

    Origins(ProblemResponder responder) {
        this.responder = responder;
    }

    @Override
    protected void rejectRequest(ServerHttpResponse response) throws IOException {
        responder.refuseOrigin(((ServletServerHttpResponse) response).getServletResponse());
    }
}
