package dev.ncwrelay.delivery.mailbox;

import dev.ncwrelay.delivery.mailbox.Backlog.From;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** A question of one node to another, as a path: {@code /mailbox?device=d&after=7}. */
record PeerQuery(String deviceId, From from) {

    private static final String PATH = "/mailbox";
    private static final Pattern QUERY = Pattern.compile("device=([^&]+)&(after|earliest|everything|since)=([^&]*)");

    String path() {
        var where = switch (from) {
            case From.After(long offset) -> "after=" + offset;
            case From.Earliest() -> "earliest=";
            case From.Everything(var registeredAt) -> "everything=" + registeredAt;
            case From.Since(var time) -> "since=" + time;
        };
        return PATH + "?device=" + URLEncoder.encode(deviceId, StandardCharsets.UTF_8) + "&" + where;
    }

    /** What the path asks, if it is such a question. */
    static Optional<PeerQuery> parse(String path, String query) {
        var parts = QUERY.matcher(query);
        if (!path.equals(PATH) || !parts.matches()) {
            return Optional.empty();
        }
        try {
            var deviceId = URLDecoder.decode(parts.group(1), StandardCharsets.UTF_8);
            return Optional.of(new PeerQuery(deviceId, from(parts.group(2), parts.group(3))));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static From from(String name, String value) {
        return switch (name) {
            case "after" -> new From.After(Long.parseLong(value));
            case "since" -> new From.Since(Instant.parse(value));
            case "everything" -> new From.Everything(Instant.parse(value));
            default -> new From.Earliest();
        };
    }
}
