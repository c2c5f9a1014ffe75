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
 * Where Fireblocks posts its webhooks; the second path is that of its demo backend. It answers all requests of its
 * port: in a servlet, they could not be read and answered without a thread at every step. What it wraps is the servlet
 * context, which starts and stops with it.
 */
final class WebhookHandler extends Handler.Wrapper {

    static final Set<String> PATHS = Set.of("/webhooks/fireblocks", "/api/webhook");

    private final WebhookReceiver reception;
    private final WebhookResponses answers;
    private final MeterRegistry metrics;

    WebhookHandler(WebhookReceiver reception, WebhookResponses answers, MeterRegistry metrics) {
        this.reception = reception;
        this.answers = answers;
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        var path = Request.getPathInContext(request);
        var reader = reception.reader(request);
        if (!PATHS.contains(path)) {
            answers.problem(response, Problem.NOT_FOUND, "POST to /webhooks/fireblocks is expected", reader, callback);
            return true;
        }
        if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.POST.asString());
            answers.problem(response, Problem.METHOD, "POST is expected", reader, callback);
            return true;
        }
        var timer = Timer.start(metrics);
        var _ = reception
                .receive(request, reader)
                .thenAccept(outcome -> {
                    timer.stop(metrics.timer("relay.ingress.webhooks", "result", outcome.result()));
                    answers.outcome(response, outcome, reader, callback);
                })
                .exceptionally(failure -> {
                    callback.failed(failure);
                    return null;
                });
        return true;
    }
}
