package dev.ncwrelay.delivery.longpoll;

import dev.ncwrelay.delivery.await.Admission;
import dev.ncwrelay.delivery.await.End;
import dev.ncwrelay.delivery.await.Wait;
import dev.ncwrelay.delivery.await.Waits;
import dev.ncwrelay.delivery.feed.Event;
import dev.ncwrelay.delivery.feed.FeedRead;
import dev.ncwrelay.delivery.feed.FeedRead.Slice;
import dev.ncwrelay.delivery.feed.FeedRead.TooOld;
import dev.ncwrelay.delivery.feed.ReadLimit;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Start;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    private final DeviceStreams streams;
    private final Waits waits;
    private final PollAnswer answers;

    Polls(DeviceStreams streams, Waits waits, PollAnswer answers) {
        this.streams = streams;
        this.waits = waits;
        this.answers = answers;
    }

    /** A poll in a consumer's place: where it has a name, an older poll of that name ends. */
    DeferredResult<ResponseEntity<byte[]>> poll(RegisteredDevice device, PollRequest request) {
        var name = request.consumer();
        return answerLater(device, request, name.isEmpty() ? Optional.empty() : Optional.of(name));
    }

    /** A look that takes nobody's place. */
    DeferredResult<ResponseEntity<byte[]>> read(RegisteredDevice device, PollRequest request) {
        return answerLater(device, request, Optional.empty());
    }

    private DeferredResult<ResponseEntity<byte[]>> answerLater(
            RegisteredDevice device, PollRequest request, Optional<String> place) {
        var consumer = request.consumer();
        var position = streams.position(device, consumer);
        long after = require(device, streams.start(device, consumer, request.after()));
        var types = request.types();
        var limit = new ReadLimit(
                request.limit(),
                request.maxBytes(),
                event -> (types.isEmpty() || types.contains(event.type()))
                        && isFor(event, consumer)
                        && !position.singles().contains(event.offset()));

        var result = new DeferredResult<ResponseEntity<byte[]>>(
                request.timeout().plus(CONTAINER_SLACK).toMillis());
        var admission = waits.start(new Wait<FeedRead>(
                device.deviceId(),
                place,
                request.timeout(),
                () -> Optional.of(streams.read(device, after, limit)).filter(Polls::isSomething),
                end -> answer(result, device, after, limit, end)));
        switch (admission) {
            case Admission.Admitted(var gone) -> {
                result.onCompletion(gone);
                result.onError(_ -> gone.run());
                result.onTimeout(gone);
            }
            case Admission.DeviceFull(int most) -> throw Problem.tooManyPolls(most);
            case Admission.NodeFull(int most) -> throw nodeFull(most);
        }
        return result;
    }

    /** The offset to read after, or the problem that says why there is none. */
    long require(RegisteredDevice device, Start start) {
        return switch (start) {
            case Start.After(long offset) -> offset;
            case Start.Lost lost -> throw gone(device, lost);
            case Start.Unreadable() ->
                throw Problem.badRequest("after must be a cursor, earliest, latest or an RFC 3339 time such as"
                        + " 2026-01-02T03:04:05Z");
        };
    }

    private void answer(
            DeferredResult<ResponseEntity<byte[]>> result,
            RegisteredDevice device,
            long after,
            ReadLimit limit,
            End<FeedRead> end) {
        switch (end) {
            case End.Woken<FeedRead>(var found) -> set(result, device, found);
            // The last look gives the client the freshest position to come back with.
            case End.TimedOut<FeedRead>() -> set(result, device, streams.read(device, after, limit));
            case End.Closing<FeedRead>() -> set(result, device, streams.read(device, after, limit));
            case End.Superseded<FeedRead>() -> result.setErrorResult(superseded());
            case End.Gone<FeedRead>() -> {}
        }
    }

    private void set(DeferredResult<ResponseEntity<byte[]>> result, RegisteredDevice device, FeedRead found) {
        switch (found) {
            case Slice slice ->
                result.setResult(ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_JSON)
                        .cacheControl(CacheControl.noStore())
                        .body(answers.write(slice, offset -> streams.cursor(device, offset))));
            case TooOld(long earliest) -> result.setErrorResult(gone(device, streams.retention(device, earliest)));
        }
    }

    private ErrorResponseException gone(RegisteredDevice device, Start.Lost lost) {
        return Problem.gone(lost.reason().name().toLowerCase(Locale.ROOT), streams.cursor(device, lost.earliest()));
    }

    /** A message for one installation is for the consumer of that name, and for the one that has none. */
    private static boolean isFor(Event event, String consumer) {
        var physical = event.physicalDeviceId();
        return physical == null || consumer.isEmpty() || consumer.equals(physical);
    }

    private static boolean isSomething(FeedRead read) {
        return switch (read) {
            case Slice slice -> !slice.events().isEmpty();
            case TooOld _ -> true;
        };
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
