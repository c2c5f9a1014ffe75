package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedRead;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex.MetadataPage;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex.Offsets;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds messages by id and by place, and what lies between them, without reading what they say: its memory does not
 * depend on how much a device has.
 */
public final class MessageLocator {

    /** Enough to fold what one acknowledgement completes; what is left is folded with the next one. */
    private static final int MAX_PAGES = 5;

    private static final ReadLimit PAGE = new ReadLimit(200, Long.MAX_VALUE, _ -> true);

    private final Feed feed;
    private final MessageIndex index;

    public MessageLocator(Feed feed, MessageIndex index) {
        this.feed = feed;
        this.index = index;
    }

    /**
     * The offsets of messages, by id; those that are not there, or a former owner's, are left out.
     *
     * @throws FailureException when the mailbox cannot be read
     */
    Map<String, Long> offsets(RegisteredDevice device, List<String> ids) {
        var found = new HashMap<>(offsets(device.deviceId(), ids));
        found.values().removeIf(offset -> offset < device.eventsFrom());
        return found;
    }

    private Map<String, Long> offsets(String deviceId, List<String> ids) {
        var held = feed.offsetsOf(deviceId, new HashSet<>(ids));
        var missing = new HashSet<>(ids);
        missing.removeAll(held.offsets().keySet());
        if (missing.isEmpty()) {
            return held.offsets();
        }
        return switch (index.offsetsOf(deviceId, missing, held.minOffset())) {
            case Offsets.Known(var others) -> {
                var all = new HashMap<>(held.offsets());
                all.putAll(others);
                yield all;
            }
            case Offsets.Unavailable(var cause) -> throw new Failure.Unavailable(cause).exception();
        };
    }

    /**
     * True when there is such a message at this offset.
     *
     * @throws FailureException when the mailbox cannot be read
     */
    boolean exists(String deviceId, long offset, Predicate<EventMetadata> served) {
        return switch (after(deviceId, offset - 1)) {
            case MetadataPage.Known(var outlines, var _, var _) ->
                outlines.stream().limit(1).anyMatch(first -> first.offset() == offset && served.test(first));
            case MetadataPage.Gone _ -> false;
            case MetadataPage.Unavailable(var cause) -> throw new Failure.Unavailable(cause).exception();
        };
    }

    /** The position, moved on over what is gone. */
    AckPosition skipEvicted(String deviceId, AckPosition position) {
        return after(deviceId, position.upTo()) instanceof MetadataPage.Gone(long earliest)
                ? position.merge(AckPosition.upTo(position.epoch(), earliest))
                : position;
    }

    /**
     * The position with its single acknowledgements folded into one offset, as far as they go and can be told.
     *
     * @param served which messages the consumer is given; the others need no acknowledgement
     */
    AckPosition compacted(String deviceId, AckPosition position, Predicate<EventMetadata> served) {
        var folded = position;
        for (int page = 0; page < MAX_PAGES && !folded.individual().isEmpty(); page++) {
            if (!(after(deviceId, folded.upTo()) instanceof MetadataPage.Known(var outlines, var _, boolean more))) {
                return folded;
            }
            long reached = folded.upTo();
            for (var outline : outlines) {
                if (served.test(outline) && !folded.covers(outline.offset())) {
                    return folded.merge(AckPosition.upTo(folded.epoch(), reached));
                }
                reached = outline.offset();
            }
            folded = folded.merge(AckPosition.upTo(folded.epoch(), reached));
            if (!more) {
                return folded;
            }
        }
        return folded;
    }

    private MetadataPage after(String deviceId, long offset) {
        return switch (feed.read(deviceId, offset, PAGE)) {
            case FeedRead.Slice(var events, long next, boolean more) ->
                new MetadataPage.Known(events.stream().map(Event::metadata).toList(), next, more);
            case FeedRead.TooOld(long needed) -> index.metadata(deviceId, offset, needed);
        };
    }
}
