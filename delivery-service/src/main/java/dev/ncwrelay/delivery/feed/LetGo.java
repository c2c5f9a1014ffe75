package dev.ncwrelay.delivery.feed;

import java.time.Instant;
import java.util.LinkedHashMap;

/**
 * What a ring no longer holds, by device: a device that lost nothing of its own is not told of a gap because others
 * were busy. Of devices it has forgotten it assumes the worst. Not safe for use by several threads.
 */
final class LetGo {

    private final int capacity;
    private final LinkedHashMap<String, Last> byDevice = new LinkedHashMap<>();
    private Last floor = new Last(-1, Instant.MAX);

    private record Last(long offset, Instant since) {}

    LetGo(int capacity) {
        this.capacity = capacity;
    }

    /** Nothing before {@code offset} is known of any device; everything written since {@code since} is. */
    void begin(long offset, Instant since) {
        byDevice.clear();
        floor = new Last(offset - 1, since);
    }

    /** This event, written at {@code writtenAt}, is gone. Events go in the order of their offsets. */
    void add(Event event, Instant writtenAt) {
        // What was written in the same millisecond may be gone as well.
        var since = later(coveredSince(event.deviceId()), writtenAt.plusMillis(1));
        byDevice.putLast(event.deviceId(), new Last(event.offset(), since));
        if (byDevice.size() > capacity) {
            var forgotten = byDevice.pollFirstEntry().getValue();
            floor = new Last(forgotten.offset(), later(floor.since(), forgotten.since()));
        }
    }

    /** The last offset up to which the device may have lost something. */
    long upTo(String deviceId) {
        return Math.max(floor.offset(), byDevice.getOrDefault(deviceId, floor).offset());
    }

    /** Everything the device was sent since then is held. */
    Instant coveredSince(String deviceId) {
        return later(floor.since(), byDevice.getOrDefault(deviceId, floor).since());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
