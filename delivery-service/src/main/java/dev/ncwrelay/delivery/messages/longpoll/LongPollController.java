package dev.ncwrelay.delivery.messages.longpoll;

import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.stream.Acknowledgements;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.RegisteredDevice;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Version 1 of the message protocol over HTTP. */
@RestController
class LongPollController {

    private final StartPositions startPositions;
    private final PollHandler polls;
    private final DeviceRateLimiter rateLimiter;
    private final Acknowledgements acknowledgements;

    LongPollController(
            StartPositions startPositions,
            PollHandler polls,
            DeviceRateLimiter rateLimiter,
            Acknowledgements acknowledgements) {
        this.startPositions = startPositions;
        this.polls = polls;
        this.rateLimiter = rateLimiter;
        this.acknowledgements = acknowledgements;
    }

    /** Acknowledges, if requested, then returns the messages after the position. */
    @PostMapping("/v1/devices/{deviceId}/messages:poll")
    DeferredResult<ResponseEntity<byte[]>> poll(
            @RequestBody(required = false) @Nullable PollBody body,
            @OwnDevice(rateLimited = true) RegisteredDevice device,
            HttpServletRequest client) {
        var given = body == null ? PollBody.empty() : body;
        var request = given.checked();
        if (given.ack() == null) {
            return polls.poll(client, device, request);
        }
        return polls.pollAfter(acknowledge(device, request.consumer(), given.ack()), client, device, request);
    }

    /** As a poll, but changes nothing. */
    @GetMapping("/v1/devices/{deviceId}/messages")
    DeferredResult<ResponseEntity<byte[]>> read(
            @RequestParam(required = false) @Nullable String consumer,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer wait,
            @RequestParam(required = false) @Nullable Integer limit,
            @OwnDevice(rateLimited = true) RegisteredDevice device,
            HttpServletRequest client) {
        return polls.read(client, device, new PollBody(consumer, null, after, wait, limit, null, null).checked());
    }

    /** Responds when the acknowledgement is stored; no thread waits for that. */
    @PostMapping("/v1/devices/{deviceId}/acks")
    CompletableFuture<ResponseEntity<Void>> acknowledge(@RequestBody AckBody body, @OwnDevice RegisteredDevice device) {
        var consumer = ConsumerName.checked(body.consumer());
        // Separate rate limit: acknowledgements must not reduce the poll rate.
        if (body.ids() != null && !rateLimiter.tryAcquire(device.deviceId() + "/ids")) {
            throw Problem.tooFast();
        }
        var written = body.ids() == null
                ? acknowledge(device, consumer, Objects.requireNonNull(body.ack()))
                : acknowledgements.individually(device, consumer, body.ids());
        return written.thenApply(_ -> ResponseEntity.noContent().build());
    }

    private CompletableFuture<Void> acknowledge(RegisteredDevice device, String consumer, String cursor) {
        return acknowledgements.upTo(device, consumer, startPositions.require(device, cursor));
    }
}
