package dev.ncwrelay.testkit.http;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Reads a request, calls its route and sends the answer. */
final class Routing extends Handler.Abstract {
    private final List<Route> routes;
    private final Function<Received, Answer> otherwise;
    private final Interruptions interruptions;
    private final Delay delay;

    Routing(List<Route> routes, Function<Received, Answer> otherwise, Interruptions interruptions, Delay delay) {
        this.routes = List.copyOf(routes);
        this.otherwise = otherwise;
        this.interruptions = interruptions;
        this.delay = delay;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var interruption = interruptions.request();
        if (interruption.isPresent()) {
            Wire.under(request, callback, delay).cut(interruption.get());
            return true;
        }
        var body = Content.Source.asByteBuffer(request);
        var _ = answer(request, body).whenComplete((answer, failure) -> {
            if (failure != null) {
                callback.failed(failure);
                return;
            }
            delay.after(answer.hold(), () -> send(answer, request, response, callback));
        });
        return true;
    }

    private CompletionStage<Answer> answer(Request request, ByteBuffer body) {
        var path = request.getHttpURI().getPath();
        for (var route : routes) {
            var variables = route.match(request.getMethod(), path);
            if (variables.isPresent()) {
                return route.answer(received(request, variables.get(), body));
            }
        }
        return Route.of(request.getMethod(), path, otherwise).answer(received(request, Map.of(), body));
    }

    private void send(Answer answer, Request request, Response response, Callback callback) {
        switch (answer) {
            case Answer.Reply reply -> {
                response.setStatus(reply.status());
                reply.headers().forEach(response.getHeaders()::put);
                response.write(true, ByteBuffer.wrap(reply.body().toArray()), callback);
            }
            case Answer.Trickle trickle -> Wire.under(request, callback, delay).trickle(trickle);
            case Answer.Truncated truncated ->
                Wire.under(request, callback, delay).truncate(truncated);
            case Answer.Cut cut -> Wire.under(request, callback, delay).cut(cut.abort());
        }
    }

    private static Received received(Request request, Map<String, String> variables, ByteBuffer body) {
        var headers = new HashMap<String, String>();
        request.getHeaders()
                .forEach(field -> headers.merge(
                        field.getLowerCaseName(), field.getValue(), (first, second) -> first + ", " + second));
        var bytes = new byte[body.remaining()];
        body.get(bytes);
        return new Received(
                request.getMethod(),
                request.getHttpURI().getPath(),
                request.getHttpURI().getPathQuery(),
                variables,
                Form.parse(request.getHttpURI().getQuery()),
                headers,
                Bytes.of(bytes));
    }
}
