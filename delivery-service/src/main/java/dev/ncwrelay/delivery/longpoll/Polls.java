package dev.ncwrelay.delivery.longpoll;

import dev.ncwrelay.delivery.await.Admission;
import dev.ncwrelay.delivery.await.End;
import dev.ncwrelay.delivery.await.Place;
import dev.ncwrelay.delivery.await.Wait;
import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Positioning;
import dev.ncwrelay.delivery.stream.StreamRead;
import dev.ncwrelay.delivery.stream.StreamReader;
import dev.ncwrelay.delivery.wire.ConsumerName;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.context.request.async.DeferredResult;

/** Answers polls: at once when there is something, else when something comes or the time is up. */
final class Polls {

    /** How much longer the container waits than the wait itself, which always ends first. */
    private static final Duration CONTAINER_SLACK = Duration.ofSeconds(15);

    /** How long an acknowledgement may take to be durable. */
    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(9);

    private final DeviceStreams streams;
    private final Positioning positioning;
    private final Waits waits;
    private final PollAnswer answers;
    private final Executor workers;

    Polls(DeviceStreams streams, Positioning positioning, Waits waits, PollAnswer answers, Executor workers) {
        this.streams = streams;
        this.positioning = positioning;
        this.waits = waits;
        this.answers = answers;
        this.workers = workers;
    }

    /** A poll in a consumer's place: where it has a name, an older poll of that name ends. */
    DeferredResult<ResponseEntity<byte[]>> poll(RegisteredDevice device, PollRequest request) {
        var result = newResult(request);
        answerLater(result, device, request, waits.place(request.consumer()));
        return result;
    }

    /** The same, once what is acknowledged with it is durable; no thread waits for that. */
    DeferredResult<ResponseEntity<byte[]>> pollAfter(
            CompletableFuture<Void> acknowledged, RegisteredDevice device, PollRequest request) {
        var place = waits.place(request.consumer());
        var result = newResult(request);
        var _ = acknowledged.whenCompleteAsync(
                (_, failure) -> {
                    if (failure != null) {
                        result.setErrorResult(failure);
                        return;
                    }
                    try {
                        answerLater(result, device, request, place);
                    } catch (RuntimeException refused) {
                        result.setErrorResult(refused);
                    }
                },
                workers);
        return result;
    }

    /** A look that takes nobody's place. */
    DeferredResult<ResponseEntity<byte[]>> read(RegisteredDevice device, PollRequest request) {
        var result = newResult(request);
        answerLater(result, device, request, Optional.empty());
        return result;
    }

    private static DeferredResult<ResponseEntity<byte[]>> newResult(PollRequest request) {
        return new DeferredResult<>(
                request.timeout().plus(ACK_TIMEOUT).plus(CONTAINER_SLACK).toMillis());
    }

    private void answerLater(
            DeferredResult<ResponseEntity<byte[]>> result,
            RegisteredDevice device,
            PollRequest request,
            Optional<Place> place) {
        var consumer = request.consumer();
        var position = streams.position(device, consumer);
        var from = positioning.require(device, consumer, request.after());
        var types = request.types();
        var limit = new ReadLimit(
                request.limit(),
                request.maxBytes(),
                event -> (types.isEmpty() || types.contains(event.type()))
                        && ConsumerName.isServed(consumer, event)
                        && !position.singles().contains(event.offset()));

        var reader = streams.reader(device, from, limit);
        var admission = waits.start(new Wait<StreamRead>(
                device.deviceId(), place, request.timeout(), reader::look, end -> answer(result, device, reader, end)));
        switch (admission) {
            case Admission.Admitted(var gone) -> {
                result.onCompletion(gone);
                result.onError(_ -> gone.run());
                result.onTimeout(gone);
            }
            case Admission.DeviceFull(int most) -> throw Problem.tooManyPolls(most);
            case Admission.NodeFull(int most) -> throw nodeFull(most);
        }
    }

    private void answer(
            DeferredResult<ResponseEntity<byte[]>> result,
            RegisteredDevice device,
            StreamReader reader,
            End<StreamRead> end) {
        switch (end) {
            case End.Woken<StreamRead>(var found) -> set(result, device, found);
            // The last look gives the client the freshest position to come back with.
            case End.TimedOut<StreamRead>() -> set(result, device, reader.read());
            case End.Closing<StreamRead>() -> set(result, device, reader.read());
            case End.Superseded<StreamRead>() -> result.setErrorResult(superseded());
            case End.Gone<StreamRead>() -> {}
        }
    }

    private void set(DeferredResult<ResponseEntity<byte[]>> result, RegisteredDevice device, StreamRead found) {
        if (found instanceof StreamRead.Slice slice) {
            result.setResult(ResponseEntity.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .cacheControl(CacheControl.noStore())
                    .body(answers.write(slice, offset -> streams.cursor(device, offset))));
        } else {
            result.setErrorResult(positioning.problem(device, found));
        }
    }

    private static ErrorResponseException superseded() {
        return Problem.of(
                HttpStatus.CONFLICT,
                "superseded",
                "A newer poll has taken this one's place",
                "one poll at a time is expected of a named consumer; give each reader a name of its own",
                Map.of());
    }

    private static ErrorResponseException nodeFull(int most) {
        return Problem.unavailable("this node holds its " + most + " polls");
    }
}
