package dev.ncwrelay.ingress.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers webhooks by Fireblocks' retry rules
 * (developers.fireblocks.com/reference/webhooks-gettingstarted-responsesretries): after 5xx, 408 and 429 it sends
 * again, after another 4xx the event is lost. What the sender accepts does not matter: a 406 would be untrue.
 */
final class Answers {

    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    /** How long the rest of a body is read after the answer, so that a sender that sends all of it first sees it. */
    private static final long LINGER_SECONDS = 2;

    private final long maxBytes;

    Answers(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void outcome(Response response, IntakeOutcome outcome, BodyReader reader, Callback callback) {
        switch (outcome) {
            case IntakeOutcome.Accepted _ -> {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                write(response, "{}".getBytes(US_ASCII), reader, callback);
            }
            case IntakeOutcome.Refused(var reason) ->
                refuse(response, Problem.UNVERIFIED, reason, expected(reason), reader, callback);
            case IntakeOutcome.Forged(var reason) ->
                refuse(response, Problem.UNVERIFIED, reason, expected(reason), reader, callback);
            case IntakeOutcome.OtherWorkspace() ->
                refuse(
                        response,
                        Problem.OTHER_WORKSPACE,
                        "other workspace",
                        "an event of one of relay.ingress.workspaces is expected",
                        reader,
                        callback);
            case IntakeOutcome.TooLarge() ->
                refuse(
                        response,
                        Problem.TOO_LARGE,
                        "too large",
                        "at most " + maxBytes + " bytes are expected",
                        reader,
                        callback);
            case IntakeOutcome.Incomplete(var reason) ->
                refuse(response, Problem.INCOMPLETE, reason, reason + "; the whole body is expected", reader, callback);
            case IntakeOutcome.NotNow(var result, var cause) -> {
                log.atWarn()
                        .addKeyValue("outcome", result)
                        .addKeyValue("reason", cause)
                        .log("webhook not taken");
                problem(response, Problem.UNAVAILABLE, result + "; send it again", reader, callback);
            }
        }
    }

    private static String expected(String reason) {
        return reason + "; a valid Fireblocks-Webhook-Signature over the raw body is expected";
    }

    private void refuse(
            Response response, Problem problem, String reason, String detail, BodyReader reader, Callback callback) {
        log.atWarn().addKeyValue("reason", reason).log("webhook refused");
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
                        // Closes the connection; the sender has had its answer.
                        callback.failed(new TimeoutException("the rest of the body did not come"));
                    }
                });
    }
}
