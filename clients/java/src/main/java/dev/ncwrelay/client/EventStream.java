package dev.ncwrelay.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Server-sent events. */
final class EventStream implements Connection {

    /** The relay answers at once, if no proxy holds it back. */
    private static final Duration FIRST_BYTE = Duration.ofSeconds(10);
    /** Two heartbeats of 15 s, and some time for them to arrive. */
    private static final Duration SILENCE = Duration.ofSeconds(35);
    /** The relay disconnects a client that does not read for 10 s; before that the client leaves by itself. */
    private static final Duration FULL = Duration.ofSeconds(5);

    @Override
    public Duration follow(Link link) throws InterruptedException, PathFaultException {
        try (var feed = new ByteFeed()) {
            var unused = link.use().over().thenRun(feed::lost);
            open(link, feed);
            return read(link, feed);
        } catch (MalformedJsonException e) {
            throw new RelayException("malformed", "an event is not as expected", e);
        } catch (RelayException failure) {
            // A gateway's 5xx says that no node is there, which is so for every transport.
            int status = failure.status().orElse(500);
            if ((failure.problem().isEmpty() && status < 500) || failure.code().equals("stalled")) {
                throw new PathFaultException(failure);
            }
            throw failure;
        }
    }

    private static void open(Link link, ByteFeed feed) throws InterruptedException, PathFaultException {
        var query = Stream.of(
                        parameter("consumer", link.context().consumer()),
                        parameter("after", link.inbox().position()))
                .filter(parameter -> !parameter.isEmpty())
                .collect(Collectors.joining("&"));
        var request = link.http().request("stream?" + query).header("Accept", "text/event-stream");
        var answer = link.http().send(request, FIRST_BYTE, info -> feed);
        var type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith("text/event-stream")) {
            throw new PathFaultException(new RelayException("malformed", "the answer is no event stream", null));
        }
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static Duration read(Link link, ByteFeed feed) throws InterruptedException {
        var parser = new EventParser();
        var limit = FIRST_BYTE;
        while (true) {
            for (var piece : feed.next(link.timing().limit(limit))) {
                link.heard().run();
                for (var event : parser.push(piece)) {
                    var pause = receive(link, event);
                    if (pause != null) {
                        return pause;
                    }
                    if (link.inbox().room() == 0 && !hasRoomSoon(link)) {
                        // Cheaper to come back with the cursor.
                        return Duration.ZERO;
                    }
                }
            }
            limit = SILENCE;
        }
    }

    /** Returns how long to wait before the next connection when this one is over. */
    private static @Nullable Duration receive(Link link, EventParser.Event event) {
        switch (event.type()) {
            case "message" -> link.inbox().offer(Page.message(JsonObject.parse(event.data())));
            case "caught_up" ->
                link.inbox().advance(JsonObject.parse(event.data()).text("next"));
            case "reconnect" -> {
                return Duration.ofMillis(JsonObject.parse(event.data()).integer("retryAfterMillis", 0));
            }
            case "reset" ->
                throw Problem.of("position-gone", JsonObject.parse(event.data()))
                        .exception(410, null);
            case "superseded" ->
                throw Problem.of("superseded", "superseded by a newer connection of this consumer")
                        .exception(409, null);
            case "forbidden" ->
                throw Problem.of("foreign-device", "the device belongs to another user")
                        .exception(403, null);
            default -> {
                // Of a later version.
            }
        }
        return null;
    }

    private static boolean hasRoomSoon(Link link) throws InterruptedException {
        link.inbox().awaitRoom(Inbox.CAPACITY / 2, link.timing().limit(FULL));
        return link.inbox().room() > 0;
    }
}
