package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Devices' whole streams: this node's rings, and the mailboxes before them. Only events of a device's current ownership
 * are returned, neither earlier ones nor those of a wallet that is not the device's.
 */
public final class StreamSource {

    private static final Duration RETRY_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    private final Feed feed;
    private final Backlog backlog;
    private final Function<String, Optional<RegisteredDevice>> registry;

    /**
     * Creates it.
     *
     * @param registry returns the current registration of a device
     */
    public StreamSource(Feed feed, Backlog backlog, Function<String, Optional<RegisteredDevice>> registry) {
        this.feed = feed;
        this.backlog = backlog;
        this.registry = registry;
    }

    /**
     * As {@link #read}, but retries for up to 10 seconds while the backlog is unavailable, for example when a late
     * webhook is in the ring but not yet in the mailbox. Blocks.
     */
    public StreamRead readWithRetry(RegisteredDevice device, StartPosition from, ReadLimit limit) {
        long end = System.nanoTime() + RETRY_TIMEOUT.toNanos();
        var found = read(device, from, limit);
        try {
            while (found instanceof StreamRead.Unavailable && System.nanoTime() < end) {
                Thread.sleep(RETRY_PAUSE);
                found = read(device, from, limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    /** Reads the device's events from this position. May query other nodes, for seconds at most. */
    public StreamRead read(RegisteredDevice device, StartPosition from, ReadLimit limit) {
        if (!isCurrent(device)) {
            return new StreamRead.OwnershipEnded();
        }
        var owned = new ReadLimit(
                limit.events(),
                limit.bytes(),
                event -> device.owns(event.offset(), event.walletId())
                        && limit.wanted().test(event));
        var begin = from instanceof StartPosition.After(long offset) && offset < device.eventsFrom() - 1
                ? new StartPosition.After(device.eventsFrom() - 1)
                : from;
        var found = new StreamMerger(feed, backlog, device.deviceId(), owned).merge(begin);
        // The ownership may have ended during the read, and then the last events may be the new owner's.
        return isCurrent(device) ? found : new StreamRead.OwnershipEnded();
    }

    /** The device as it is registered now. */
    Optional<RegisteredDevice> currentDevice(String deviceId) {
        return registry.apply(deviceId);
    }

    /** True while the device's registration still has {@code device}'s ownership. */
    boolean isCurrent(RegisteredDevice device) {
        return currentDevice(device.deviceId()).filter(device::isSameOwnership).isPresent();
    }
}
