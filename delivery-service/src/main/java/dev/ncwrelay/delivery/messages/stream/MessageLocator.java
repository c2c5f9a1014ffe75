package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.messages.ack.AckPosition;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.EventMetadata;
import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.FeedRead;
import dev.ncwrelay.delivery.messages.feed.Page;
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
 * Locates messages by id or offset, and merges individual acknowledgements into a contiguous position, with metadata
 * only: its memory does not depend on how many messages a device has.
 */
final class MessageLocator {

    /** Pages read per acknowledgement; what remains is merged with the next acknowledgement. */
    private static final int MAX_PAGES = 5;

    private static final ReadLimit PAGE = new ReadLimit(200, Long.MAX_VALUE, _ -> true);

    private final Feed feed;
    private final MessageIndex index;

    MessageLocator(Feed feed, MessageIndex index) {
        this.feed = feed;
        this.index = index;
    }

    /**
     * The offsets of messages, by id; without those that are not available, or belong to a former owner.
     *
     * @throws FailureException when the mailbox cannot be read
     */
    Map<String, Long> offsets(RegisteredDevice device, List<String> ids) {
        var found = new HashMap<>(offsets(device.deviceId(), ids));
        found.values().removeIf(offset -> offset < device.eventsFrom());
        return found;
    }

    private Map<String, Long> offsets(String deviceId, List<String> ids) {
        var inRing = feed.offsetsOf(deviceId, new HashSet<>(ids));
        var missing = new HashSet<>(ids);
        missing.removeAll(inRing.offsets().keySet());
        if (missing.isEmpty()) {
            return inRing.offsets();
        }
        return switch (index.offsetsOf(deviceId, missing, inRing.minOffset())) {
            case Offsets.Known(var others) -> {
                var all = new HashMap<>(inRing.offsets());
                all.putAll(others);
                yield all;
            }
            case Offsets.Unavailable(var cause) -> throw new Failure.Unavailable(cause).exception();
        };
    }

    /**
     * True when there is a message at this offset that the consumer receives.
     *
     * @throws FailureException when the mailbox cannot be read
     */
    boolean exists(String deviceId, long offset, Predicate<EventMetadata> receives) {
        return switch (after(deviceId, offset - 1)) {
            case MetadataPage.Known(var messages, var _, var _) ->
                messages.stream().limit(1).anyMatch(first -> first.offset() == offset && receives.test(first));
            case MetadataPage.Gone _ -> false;
            case MetadataPage.Unavailable(var cause) -> throw new Failure.Unavailable(cause).exception();
        };
    }

    /** The position, advanced past messages that are no longer available. */
    AckPosition skipEvicted(String deviceId, AckPosition position) {
        return after(deviceId, position.upTo()) instanceof MetadataPage.Gone(long earliest)
                ? position.merge(AckPosition.upTo(position.epoch(), earliest))
                : position;
    }

    /**
     * The position with contiguous individual acknowledgements merged into its offset, as far as the messages between
     * them are known.
     *
     * @param receives which messages the consumer receives; the others need no acknowledgement
     */
    AckPosition compacted(String deviceId, AckPosition position, Predicate<EventMetadata> receives) {
        var compacted = position;
        for (int page = 0; page < MAX_PAGES && !compacted.individual().isEmpty(); page++) {
            if (!(after(deviceId, compacted.upTo()) instanceof MetadataPage.Known(var messages, var _, boolean more))) {
                return compacted;
            }
            long reached = compacted.upTo();
            for (var message : messages) {
                if (receives.test(message) && !compacted.covers(message.offset())) {
                    return compacted.merge(AckPosition.upTo(compacted.epoch(), reached));
                }
                reached = message.offset();
            }
            compacted = compacted.merge(AckPosition.upTo(compacted.epoch(), reached));
            if (!more) {
                return compacted;
            }
        }
        return compacted;
    }

    private MetadataPage after(String deviceId, long offset) {
        return switch (feed.read(deviceId, offset, PAGE)) {
            case FeedRead.Found(Page(var events, long next, boolean more)) ->
                new MetadataPage.Known(events.stream().map(Event::metadata).toList(), next, more);
            case FeedRead.TooOld(long minOffset) -> index.metadata(deviceId, offset, minOffset);
        };
    }
}
