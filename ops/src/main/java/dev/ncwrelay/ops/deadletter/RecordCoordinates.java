package dev.ncwrelay.ops.deadletter;

import java.util.Optional;
import java.util.regex.Pattern;

/** Topic, partition and offset of a record, written {@code topic@partition:offset}. */
public record RecordCoordinates(String topic, int partition, long offset) {

    private static final Pattern TEXT = Pattern.compile("([A-Za-z0-9._-]{1,249})@(\\d{1,9}):(\\d{1,18})");

    /** Parses the form of {@link #toString}; empty when the text has another form. */
    public static Optional<RecordCoordinates> parse(String text) {
        var matcher = TEXT.matcher(text);
        return matcher.matches()
                ? Optional.of(new RecordCoordinates(
                        matcher.group(1), Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return topic + "@" + partition + ":" + offset;
    }
}
