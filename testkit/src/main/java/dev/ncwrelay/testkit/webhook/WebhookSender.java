package dev.ncwrelay.testkit.webhook;

import dev.ncwrelay.testkit.http.Bytes;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Makes the attempts of a delivery one after the other, with the same body and a new signature each. */
record WebhookSender(
        Webhooks.Transport transport, WebhookSigner signer, RetrySchedule schedule, Duration timeout, URI target) {

    PendingDelivery send(byte[] body) {
        var delivery = new PendingDelivery(Bytes.of(body));
        attempt(1, body.clone(), delivery);
        return delivery;
    }

    private void attempt(int number, byte[] body, PendingDelivery delivery) {
        var request = HttpRequest.newBuilder(target)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        signer.sign(body).forEach(request::header);
        var startedAt = transport.clock().instant();
        var begin = System.nanoTime();
        var _ = transport
                .client()
                .sendAsync(request.build(), BodyHandlers.ofString())
                .handle(WebhookSender::result)
                .thenAccept(result -> {
                    var took = Duration.ofNanos(System.nanoTime() - begin);
                    conclude(new Attempt(number, startedAt, took, result), body, delivery);
                });
    }

    private void conclude(Attempt attempt, byte[] body, PendingDelivery delivery) {
        var state = stateAfter(attempt);
        delivery.add(attempt, state);
        if (state == Delivery.State.IN_PROGRESS) {
            var pause = schedule.pauses().get(attempt.number() - 1);
            transport.delay().after(pause, () -> attempt(attempt.number() + 1, body, delivery));
        }
    }

    private Delivery.State stateAfter(Attempt attempt) {
        if (attempt.delivered()) {
            return Delivery.State.COMPLETED;
        }
        var another = attempt.worthRepeating()
                && attempt.number() <= schedule.pauses().size();
        return another ? Delivery.State.IN_PROGRESS : Delivery.State.FAILED;
    }

    private static Attempt.Result result(@Nullable HttpResponse<String> response, @Nullable Throwable failure) {
        if (response != null) {
            return new Attempt.Result.Answered(response.statusCode(), response.body());
        }
        var cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
        if (cause instanceof HttpTimeoutException) {
            return new Attempt.Result.TimedOut();
        }
        return new Attempt.Result.NoResponse(String.valueOf(cause));
    }
}
