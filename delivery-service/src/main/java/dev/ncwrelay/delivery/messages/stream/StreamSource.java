package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.delivery.messages.mailbox.Backlog.From;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A device's whole stream: its live end in this node's ring, and the backlog before it. Of both, only what belongs to
 * the present ownership of the device: what was there before it, or names a wallet that is not the device's, is as if
 * it had never been.
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
     * @param registry who has which device now
     */
    public StreamSource(Feed feed, Backlog backlog, Function<String, Optional<RegisteredDevice>> registry) {
        this.feed = feed;
        this.backlog = backlog;
        this.registry = registry;
    }

    /**
     * The same for a reader that has been up to date and waits: what is away is looked for again for a while. A late
     * webhook is such a case, which the mailbox reads a moment after the ring. Blocks; for a thread that may.
     */
    public StreamRead readWithRetry(RegisteredDevice device, From from, ReadLimit limit) {
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

    /** What the device has from there. May ask another node, briefly. */
    public StreamRead read(RegisteredDevice device, From from, ReadLimit limit) {
        if (!isCurrent(device)) {
            return new StreamRead.OwnershipEnded();
        }
        var owned = new ReadLimit(
                limit.events(),
                limit.bytes(),
                event -> device.owns(event.offset(), event.walletId())
                        && limit.wanted().test(event));
        var begin = from instanceof From.After(long offset) && offset < device.eventsFrom() - 1
                ? new From.After(device.eventsFrom() - 1)
                : from;
        var found = new StreamMerger(feed, backlog, device.deviceId(), owned).merge(begin);
        // It may have changed hands while it was read, and then what was found last is the new owner's.
        return isCurrent(device) ? found : new StreamRead.OwnershipEnded();
    }

    /** The device as it is registered now. */
    Optional<RegisteredDevice> currentDevice(String deviceId) {
        return registry.apply(deviceId);
    }

    /** True while the device is in the hands that {@code device} says. */
    boolean isCurrent(RegisteredDevice device) {
        return currentDevice(device.deviceId()).filter(device::isSameOwnership).isPresent();
    }
}
