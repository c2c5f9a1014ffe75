package dev.ncwrelay.ingress.webhook;

import dev.ncwrelay.ingress.verify.RawWebhook;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where Fireblocks posts its webhooks; the second path is that of its demo backend. The answers follow its retry rules
 * (developers.fireblocks.com/reference/webhooks-gettingstarted-responsesretries): after 5xx it sends again, after 4xx
 * other than 408 and 429 the event is lost.
 */
@RestController
class WebhookController {

    private static final Logger log = LoggerFactory.getLogger(WebhookController.class);

    private final Intake intake;
    private final long maxBytes;
    private final Clock clock;
    private final MeterRegistry metrics;

    WebhookController(Intake intake, IngressSettings settings, Clock clock, MeterRegistry metrics) {
        this.intake = intake;
        this.maxBytes = settings.maxBody().toBytes();
        this.clock = clock;
        this.metrics = metrics;
    }

    @PostMapping({"/webhooks/fireblocks", "/api/webhook"})
    ResponseEntity<Map<String, Object>> receive(HttpServletRequest request) throws IOException {
        var timer = Timer.start(metrics);
        var trace = header(request, "traceparent");
        var outcome = read(request).map(webhook -> intake.take(webhook, trace)).orElseGet(IntakeOutcome.TooLarge::new);
        timer.stop(metrics.timer("relay.ingress.webhooks", "result", outcome.result()));
        return switch (outcome) {
            // Whatever the sender accepts: once the event is on the log, a 406 would be untrue.
            case IntakeOutcome.Accepted _ ->
                ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Map.of());
            case IntakeOutcome.TooLarge() -> {
                log.atWarn().addKeyValue("outcome", outcome.result()).log("webhook refused");
                throw Problem.of(
                        HttpStatus.CONTENT_TOO_LARGE,
                        "body-too-large",
                        "The body is too large",
                        "at most " + maxBytes + " bytes are expected");
            }
            case IntakeOutcome.Refused(var reason) -> {
                log.atWarn().addKeyValue("reason", reason).log("webhook refused");
                throw Problem.of(
                        HttpStatus.UNAUTHORIZED,
                        "unverified-webhook",
                        "Not shown to be Fireblocks'",
                        reason + "; a valid Fireblocks-Webhook-Signature over the raw body is expected");
            }
            case IntakeOutcome.NotNow(var result, var cause) -> {
                log.atWarn()
                        .addKeyValue("outcome", result)
                        .addKeyValue("reason", cause)
                        .log("webhook not taken");
                throw Problem.retry("unavailable", "The event cannot be kept just now", result + "; send it again");
            }
        };
    }

    /** The webhook, unless it is too long: then no more than the limit is read. */
    private Optional<RawWebhook> read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            return Optional.empty();
        }
        var body = request.getInputStream().readNBytes((int) maxBytes + 1);
        if (body.length > maxBytes) {
            return Optional.empty();
        }
        return Optional.of(new RawWebhook(
                body,
                header(request, "Fireblocks-Webhook-Signature"),
                header(request, "Fireblocks-Signature"),
                clock.instant()));
    }

    private static Optional<String> header(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name));
    }
}
