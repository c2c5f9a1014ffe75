package dev.ncwrelay.ingress.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Receives webhooks at two paths; the second is that of Fireblocks' demo backend. It answers all requests of its port and
 * is not a servlet, because those cannot read and respond without a thread at every step. It wraps the servlet context only
 * to start and stop it.
 */
final class WebhookHandler extends Handler.Wrapper {

    static final Set<String> PATHS = Set.of("/webhooks/fireblocks", "/api/webhook");

    private final WebhookReceiver receiver;
    private final WebhookResponses responses;
    private final MeterRegistry metrics;

    WebhookHandler(WebhookReceiver receiver, WebhookResponses responses, MeterRegistry metrics) {
        this.receiver = receiver;
        this.responses = responses;
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var path = Request.getPathInContext(request);
        var reader = receiver.reader(request);
        if (!PATHS.contains(path)) {
            responses.problem(
                    response,
                    Problem.NOT_FOUND,
                    "webhooks are received with POST at /webhooks/fireblocks",
                    reader,
                    callback);
            return true;
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.POST.asString());
            responses.problem(response, Problem.METHOD, "use POST", reader, callback);
            return true;
        }
        var timer = Timer.start(metrics);
        var _ = receiver.receive(request, reader)
                .thenAccept(outcome -> {
                    timer.stop(metrics.timer("relay.ingress.webhooks", "result", outcome.result()));
                    responses.outcome(response, outcome, reader, callback);
                })
                .exceptionally(failure -> {
                    callback.failed(failure);
                    return null;
                });
        return true;
    }
}
