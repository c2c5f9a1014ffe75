package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.StartPosition;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A query of one node to another, as a path: {@code /mailbox?device=d&after=7}. */
public sealed interface MailboxQuery {

    String deviceId();

    /** The device's events from this position on. */
    record Events(String deviceId, StartPosition from) implements MailboxQuery {}

    /** The latest state of the device's transactions that were updated after this time, in epoch milliseconds. */
    record Transactions(String deviceId, long updatedAfter) implements MailboxQuery {}

    /** The offsets of the device's messages with these ids. */
    record Offsets(String deviceId, Set<String> eventIds) implements MailboxQuery {
        public Offsets {
            eventIds = Set.copyOf(eventIds);
        }
    }

    /** The metadata of the device's messages after this offset. */
    record Metadata(String deviceId, long after) implements MailboxQuery {}

    String PATH = "/mailbox";

    Pattern QUERY = Pattern.compile(
            "device=([^&]+)&(after|earliest|since-registration|since|transactions|offsets|metadata)=([^&]*)");

    default String path() {
        var what = switch (this) {
            case Events(var _, StartPosition.After(long offset)) -> "after=" + offset;
            case Events(var _, StartPosition.Earliest()) -> "earliest=";
            case Events(var _, StartPosition.SinceRegistration(var registeredAt)) ->
                "since-registration=" + registeredAt;
            case Events(var _, StartPosition.Since(var time)) -> "since=" + time;
            case Transactions(var _, long updatedAfter) -> "transactions=" + updatedAfter;
            case Offsets(var _, var eventIds) ->
                "offsets="
                        + eventIds.stream()
                                .map(id -> URLEncoder.encode(id, StandardCharsets.UTF_8))
                                .collect(Collectors.joining(","));
            case Metadata(var _, long after) -> "metadata=" + after;
        };
        return PATH + "?device=" + URLEncoder.encode(deviceId(), StandardCharsets.UTF_8) + "&" + what;
    }

    /** Parses a path; empty when it is not a valid query. */
    static Optional<MailboxQuery> parse(String path, String query) {
        var parts = QUERY.matcher(query);
        if (!path.equals(PATH) || !parts.matches()) {
            return Optional.empty();
        }
        try {
            var deviceId = URLDecoder.decode(parts.group(1), StandardCharsets.UTF_8);
            return Optional.of(parse(deviceId, parts.group(2), parts.group(3)));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static MailboxQuery parse(String deviceId, String name, String value) {
        return switch (name) {
            case "after" -> new Events(deviceId, new StartPosition.After(Long.parseLong(value)));
            case "since" -> new Events(deviceId, new StartPosition.Since(Instant.parse(value)));
            case "since-registration" ->
                new Events(deviceId, new StartPosition.SinceRegistration(Instant.parse(value)));
            case "transactions" -> new Transactions(deviceId, Long.parseLong(value));
            case "offsets" -> new Offsets(deviceId, ids(value));
            case "metadata" -> new Metadata(deviceId, Long.parseLong(value));
            default -> new Events(deviceId, new StartPosition.Earliest());
        };
    }

    private static Set<String> ids(String value) {
        return Stream.of(value.split(","))
                .map(id -> URLDecoder.decode(id, StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }
}
