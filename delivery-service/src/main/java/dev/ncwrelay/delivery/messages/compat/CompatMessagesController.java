package dev.ncwrelay.delivery.messages.compat;

import dev.ncwrelay.delivery.http.connection.HeldRequest;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.stream.Acknowledgements;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.stream.StreamRead;
import dev.ncwrelay.delivery.messages.wait.Wait;
import dev.ncwrelay.delivery.messages.wait.WaitOutcome;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.RegisteredDevice;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * The demo backend's device messages: integer ids, deleted when processed. Only {@code NCW_DEVICE_MESSAGE} is served,
 * the only type that SDKs up to version 7 handle.
 */
@RestController
@RequestMapping("/api/devices/{deviceId}/messages")
class CompatMessagesController {

    private static final String TYPE = "NCW_DEVICE_MESSAGE";

    /** Not a valid name for clients. */
    private static final String CONSUMER = "~v0";

    private static final ResponseEntity<List<Message>> NONE = ResponseEntity.ok(List.of());
    private static final ResponseEntity<List<Message>> NONE_RETRY_LATER =
            ResponseEntity.ok().header(HttpHeaders.RETRY_AFTER, "1").body(List.of());

    private final DeviceStreams streams;
    private final StartPositions startPositions;
    private final WaitRegistry waits;
    private final ThrottledRequests throttled;
    private final Acknowledgements acknowledgements;
    private final VisibilityTimeouts visibility;

    CompatMessagesController(
            DeviceStreams streams,
            StartPositions startPositions,
            WaitRegistry waits,
            ThrottledRequests throttled,
            Acknowledgements acknowledgements,
            VisibilityTimeouts visibility) {
        this.streams = streams;
        this.startPositions = startPositions;
        this.waits = waits;
        this.throttled = throttled;
        this.acknowledgements = acknowledgements;
        this.visibility = visibility;
    }

    /**
     * A message as the demo backend has it.
     *
     * @param id its offset in the device's partition
     * @param message the JSON text of the webhook's data
     */
    record Message(long id, String message) {}

    @GetMapping
    DeferredResult<ResponseEntity<List<Message>>> poll(
            @RequestParam(required = false) @Nullable String physicalDeviceId,
            @RequestParam(defaultValue = "10") int timeout,
            @RequestParam(defaultValue = "10") int batchSize,
            @OwnDevice RegisteredDevice device,
            HttpServletRequest client) {
        int seconds = within("timeout", given(client, "timeout", timeout), 0, 20);
        int most = within("batchSize", given(client, "batchSize", batchSize), 1, 20);
        var position = streams.position(device, CONSUMER);
        var limit =
                new ReadLimit(most, Long.MAX_VALUE, event -> isDeliverable(device, position, physicalDeviceId, event));
        var wait = Duration.ofSeconds(seconds);
        var isFirst = new AtomicBoolean(true);
        var held = new HeldRequest<ResponseEntity<List<Message>>>(client, wait);
        throttled.start(
                device.deviceId(),
                held,
                () -> waits.start(Wait.<List<Message>>ofExactTimeout(
                        device.deviceId(),
                        wait,
                        () -> streams.isCurrent(device)
                                ? deliverable(device, begin(device, position), limit, isFirst.getAndSet(false))
                                : Optional.of(List.of()),
                        end -> answer(device, held, end))));
        return held.result();
    }

    @DeleteMapping("/{id}")
    CompletableFuture<Map<String, Object>> delete(@PathVariable long id, @OwnDevice RegisteredDevice device) {
        return throttled
                .then(
                        device.deviceId(),
                        () -> acknowledgements.at(
                                device,
                                CONSUMER,
                                id,
                                metadata -> metadata.type().equals(TYPE)))
                .thenApply(deleted -> {
                    if (!deleted) {
                        throw unknownMessage();
                    }
                    return Map.of();
                });
    }

    /**
     * Only what is sent is claimed: a poll that is woken during a check checks again, and what the later
     * check finds must stay visible.
     */
    private void answer(
            RegisteredDevice device, HeldRequest<ResponseEntity<List<Message>>> held, WaitOutcome<List<Message>> end) {
        switch (end) {
            case WaitOutcome.Found<List<Message>> _
            when !streams.isCurrent(device) ->
                held.fail(startPositions.ownershipEnded(device).exception());
            // Checks the socket once more: messages sent to a client that is gone would be hidden from the next poll.
            case WaitOutcome.Found<List<Message>>(var messages) ->
                held.answer(held.isGone() ? NONE : claimed(device, messages));
            case WaitOutcome.ShuttingDown<List<Message>>() -> held.answer(NONE_RETRY_LATER);
            case WaitOutcome.TimedOut<List<Message>>() -> held.answer(NONE);
            case WaitOutcome.Superseded<List<Message>>() -> held.answer(NONE);
            case WaitOutcome.ClientGone<List<Message>>() -> held.answer(NONE);
        }
    }

    private ResponseEntity<List<Message>> claimed(RegisteredDevice device, List<Message> messages) {
        return ResponseEntity.ok(messages.stream()
                .filter(message -> visibility.claim(device.deviceId(), message.id()))
                .toList());
    }

    private StartPosition begin(RegisteredDevice device, AckPosition position) {
        return position.upTo() < 0 ? streams.beginning(device) : new StartPosition.After(position.upTo());
    }

    /** Messages that may be delivered. While a poll is held, an unavailable backlog is retried. */
    private Optional<List<Message>> deliverable(
            RegisteredDevice device, StartPosition from, ReadLimit limit, boolean isFirst) {
        var found = isFirst ? streams.read(device, from, limit) : streams.readWithRetry(device, from, limit);
        return switch (found) {
            case StreamRead.Found(var page) ->
                Optional.of(page.events().stream()
                                .map(event -> new Message(
                                        event.offset(),
                                        StandardCharsets.UTF_8
                                                .decode(event.data())
                                                .toString()))
                                .toList())
                        .filter(messages -> !messages.isEmpty());
            // The demo protocol cannot report a gap; continue at the earliest available message.
            case StreamRead.Lost(var _, long earliest) ->
                deliverable(device, new StartPosition.After(earliest), limit, isFirst);
            case StreamRead.Unavailable(var cause) -> {
                if (isFirst) {
                    throw Problem.unavailable(cause);
                }
                yield Optional.empty();
            }
            // The response is a problem.
            case StreamRead.OwnershipEnded _ -> Optional.of(List.of());
        };
    }

    private static boolean isServed(Event event) {
        return event.type().equals(TYPE);
    }

    private boolean isDeliverable(
            RegisteredDevice device, AckPosition position, @Nullable String physicalDeviceId, Event event) {
        var addressee = event.physicalDeviceId();
        return isServed(event)
                && !position.covers(event.offset())
                && (physicalDeviceId == null || addressee == null || addressee.equals(physicalDeviceId))
                && !visibility.isHidden(device.deviceId(), event.offset());
    }

    private static ErrorResponseException unknownMessage() {
        return Problem.of(
                HttpStatus.NOT_FOUND,
                "unknown-message",
                "Message not found",
                "no undeleted message of this device has this id",
                Map.of());
    }

    /** The demo backend reads an empty text as 0; Spring treats it as absent. */
    private static int given(HttpServletRequest client, String name, int value) {
        return "".equals(client.getParameter(name)) ? 0 : value;
    }

    private static int within(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw Problem.badRequest(name + " must be " + min + " to " + max + ", not " + value);
        }
        return value;
    }
}
