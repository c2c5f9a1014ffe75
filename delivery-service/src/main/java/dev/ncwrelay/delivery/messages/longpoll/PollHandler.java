package dev.ncwrelay.delivery.messages.longpoll;

import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.http.connection.HeldRequest;
import dev.ncwrelay.delivery.messages.ack.ConsumerName;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.stream.StreamRead;
import dev.ncwrelay.delivery.messages.stream.StreamReader;
import dev.ncwrelay.delivery.messages.wait.ConsumerClaim;
import dev.ncwrelay.delivery.messages.wait.Wait;
import dev.ncwrelay.delivery.messages.wait.WaitOutcome;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers polls: at once if messages are available, else when one arrives or the timeout ends. */
final class PollHandler {

    /** How long storing an acknowledgement may take. */
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(9);

    private static final HttpHeaders EMPTY = HttpHeaders.readOnlyHttpHeaders(new HttpHeaders());
    private static final HttpHeaders RETRY_LATER = HttpHeaders.readOnlyHttpHeaders(retryAfter());

    private final DeviceStreams streams;
    private final StartPositions startPositions;
    private final WaitRegistry waits;
    private final PollResponseWriter writer;
    private final Executor workers;

    PollHandler(
            DeviceStreams streams,
            StartPositions startPositions,
            WaitRegistry waits,
            PollResponseWriter writer,
            Executor workers) {
        this.streams = streams;
        this.startPositions = startPositions;
        this.waits = waits;
        this.writer = writer;
        this.workers = workers;
    }

    /** A poll with a claim: it supersedes an older poll of the same named consumer. */
    DeferredResult<ResponseEntity<byte[]>> poll(
            HttpServletRequest client, RegisteredDevice device, PollRequest request) {
        var held = held(client, request);
        start(held, device, request, waits.claim(request.consumer()));
        return held.result();
    }

    /** The same, after its acknowledgement is stored; no thread waits for that. */
    DeferredResult<ResponseEntity<byte[]>> pollAfter(
            CompletableFuture<Void> acknowledged,
            HttpServletRequest client,
            RegisteredDevice device,
            PollRequest request) {
        var claim = waits.claim(request.consumer());
        var held = held(client, request);
        var _ = acknowledged
                .thenRunAsync(() -> start(held, device, request, claim), workers)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        held.fail(FailureException.rootOf(failure));
                    }
                });
        return held.result();
    }

    /** A poll without a claim: it supersedes nothing. */
    DeferredResult<ResponseEntity<byte[]>> read(
            HttpServletRequest client, RegisteredDevice device, PollRequest request) {
        var held = held(client, request);
        start(held, device, request, Optional.empty());
        return held.result();
    }

    private static HeldRequest<ResponseEntity<byte[]>> held(HttpServletRequest client, PollRequest request) {
        return new HeldRequest<>(client, request.timeout().plus(ACK_TIMEOUT));
    }

    private void start(
            HeldRequest<ResponseEntity<byte[]>> held,
            RegisteredDevice device,
            PollRequest request,
            Optional<ConsumerClaim> claim) {
        var consumer = request.consumer();
        var position = streams.position(device, consumer);
        var from = startPositions.require(device, consumer, request.after());
        var types = request.types();
        var limit = new ReadLimit(
                request.limit(),
                request.maxBytes(),
                event -> (types.isEmpty() || types.contains(event.type()))
                        && ConsumerName.receives(consumer, event)
                        && !position.individual().contains(event.offset()));

        var reader = streams.reader(device, from, limit);
        held.admit(waits.start(new Wait<StreamRead>(
                device.deviceId(),
                claim,
                true,
                request.timeout(),
                reader::pollWithRetry,
                end -> answer(held, device, reader, end))));
    }

    private void answer(
            HeldRequest<ResponseEntity<byte[]>> held,
            RegisteredDevice device,
            StreamReader reader,
            WaitOutcome<StreamRead> end) {
        switch (end) {
            case WaitOutcome.Found<StreamRead>(var found) -> set(held, device, reader, found, EMPTY);
            // The last read returns the newest position to continue from.
            case WaitOutcome.TimedOut<StreamRead>() -> set(held, device, reader, reader.readLast(), EMPTY);
            case WaitOutcome.ShuttingDown<StreamRead>() -> set(held, device, reader, reader.readLast(), RETRY_LATER);
            case WaitOutcome.Superseded<StreamRead>() -> held.fail(superseded());
            // It may have half-closed the connection and still read the response.
            case WaitOutcome.ClientGone<StreamRead>() -> set(held, device, reader, reader.readLast(), EMPTY);
        }
    }

    private void set(
            HeldRequest<ResponseEntity<byte[]>> held,
            RegisteredDevice device,
            StreamReader reader,
            StreamRead found,
            HttpHeaders whenEmpty) {
        if (found instanceof StreamRead.Found(var page)) {
            held.answer(ResponseEntity.ok()
                    .headers(page.events().isEmpty() ? whenEmpty : EMPTY)
                    .contentType(MediaType.APPLICATION_JSON)
                    .cacheControl(CacheControl.noStore())
                    .body(writer.write(page, reader::cursor)));
        } else {
            held.fail(startPositions.failure(device, found).exception());
        }
    }

    private static ErrorResponseException superseded() {
        return Problem.of(
                HttpStatus.CONFLICT,
                "superseded",
                "Superseded by a newer poll",
                "a named consumer may have one poll at a time; use a different name for each reader",
                Map.of());
    }

    private static HttpHeaders retryAfter() {
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "1");
        return headers;
    }
}
