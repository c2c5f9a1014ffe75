package dev.ncwrelay.ingress.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers webhooks by Fireblocks' retry rules
 * (developers.fireblocks.com/reference/webhooks-gettingstarted-responsesretries): it retries after 5xx, 408 and 429, and
 * after another 4xx the event is lost. The Accept header is ignored, because after a 406 an event would be lost.
 */
final class WebhookResponses {

    /** How long the rest of a body is read after the response, for senders that read it only after sending everything. */
    private static final long LINGER_SECONDS = 2;

    private final long maxBytes;
    private final RefusalLog refusals;

    WebhookResponses(long maxBytes, RefusalLog refusals) {
        this.maxBytes = maxBytes;
        this.refusals = refusals;
    }

    void outcome(Response response, WebhookOutcome outcome, BodyReader reader, Callback callback) {
        switch (outcome) {
            case WebhookOutcome.Accepted _ -> {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                write(response, "{}".getBytes(US_ASCII), reader, callback);
            }
            case WebhookOutcome.InvalidHeader(var reason) ->
                refuse(response, Problem.UNVERIFIED, outcome, reason, required(reason), reader, callback);
            case WebhookOutcome.InvalidSignature(var reason) ->
                refuse(response, Problem.UNVERIFIED, outcome, reason, required(reason), reader, callback);
            case WebhookOutcome.OtherWorkspace() ->
                refuse(
                        response,
                        Problem.OTHER_WORKSPACE,
                        outcome,
                        "other workspace",
                        "the webhook must be of one of relay.ingress.workspaces",
                        reader,
                        callback);
            case WebhookOutcome.TooLarge() ->
                refuse(
                        response,
                        Problem.TOO_LARGE,
                        outcome,
                        "too large",
                        "the limit is " + maxBytes + " bytes",
                        reader,
                        callback);
            case WebhookOutcome.Incomplete(var reason) ->
                refuse(
                        response,
                        Problem.INCOMPLETE,
                        outcome,
                        reason,
                        reason + "; send the whole body",
                        reader,
                        callback);
            case WebhookOutcome.Unavailable(var result, var cause) ->
                refuse(response, Problem.UNAVAILABLE, outcome, cause, result + "; retry later", reader, callback);
        }
    }

    private static String required(String reason) {
        return reason + "; a valid Fireblocks-Webhook-Signature over the raw body is required";
    }

    private void refuse(
            Response response,
            Problem problem,
            WebhookOutcome outcome,
            String reason,
            String detail,
            BodyReader reader,
            Callback callback) {
        refusals.add(outcome.result(), reason);
        problem(response, problem, detail, reader, callback);
    }

    void problem(Response response, Problem problem, String detail, BodyReader reader, Callback callback) {
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        problem.retryAfter().ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
        write(response, problem.body(detail), reader, callback);
    }

    private static void write(Response response, byte[] body, BodyReader reader, Callback callback) {
        if (!reader.hasEnded()) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        response.write(true, ByteBuffer.wrap(body), Callback.from(() -> complete(reader, callback), callback::failed));
    }

    private static void complete(BodyReader reader, Callback callback) {
        if (reader.hasEnded()) {
            callback.succeeded();
            return;
        }
        var _ = reader.discard()
                .copy()
                .orTimeout(LINGER_SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        callback.succeeded();
                    } else {
                        // Closes the connection; the response was already sent.
                        callback.failed(new TimeoutException("the rest of the body was not received"));
                    }
                });
    }
}
