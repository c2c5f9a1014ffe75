package dev.ncwrelay.delivery.mailbox;

import dev.ncwrelay.delivery.mailbox.Backlog.From;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** A question of one node to another, as a path: {@code /mailbox/{device}?after=7}. */
record PeerQuery(String deviceId, From from) {

    private static final String PREFIX = "/mailbox/";

    String path() {
        var where = switch (from) {
            case From.After(long offset) -> "after=" + offset;
            case From.Earliest() -> "earliest=";
            case From.Everything(var registeredAt) -> "everything=" + registeredAt;
            case From.Since(var time) -> "since=" + time;
        };
        return PREFIX + URLEncoder.encode(deviceId, StandardCharsets.UTF_8) + "?" + where;
    }

    /** What the path asks, if it is such a question. */
    static Optional<PeerQuery> parse(String path, String query) {
        int equals = query.indexOf('=');
        if (!path.startsWith(PREFIX) || equals < 0) {
            return Optional.empty();
        }
        var deviceId = URLDecoder.decode(path.substring(PREFIX.length()), StandardCharsets.UTF_8);
        var value = query.substring(equals + 1);
        return from(query.substring(0, equals), value).map(from -> new PeerQuery(deviceId, from));
    }

    private static Optional<From> from(String name, String value) {
        return switch (name) {
            case "after" -> Optional.of(new From.After(Long.parseLong(value)));
            case "earliest" -> Optional.of(new From.Earliest());
            case "everything" -> Optional.of(new From.Everything(Instant.parse(value)));
            case "since" -> Optional.of(new From.Since(Instant.parse(value)));
            default -> Optional.empty();
        };
    }
}
