package dev.ncwrelay.delivery.messages.stream;

import dev.ncwrelay.delivery.messages.feed.Feed;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import dev.ncwrelay.delivery.messages.mailbox.TransactionBacklog;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a device's wallet, each in its latest state: those of all devices of the wallet that have the
 * same user and tenant, so that a device that joins later sees what was before it. Updates that come meanwhile come to
 * the device itself. To be used by one thread at a time.
 */
public final class WalletTransactions {

    private final Feed feed;
    private final TransactionBacklog backlog;
    private final DeviceRegistry registry;
    private final RegisteredDevice device;
    private final long updatedAfter;
    private final TransactionView own;
    private final Map<String, TransactionUpdate> others = new HashMap<>();
    private boolean hasOthers;

    /**
     * Creates it.
     *
     * @param updatedAfter time after which those of interest were updated, in epoch milliseconds
     */
    public WalletTransactions(
            Feed feed,
            TransactionBacklog backlog,
            DeviceRegistry registry,
            RegisteredDevice device,
            long updatedAfter) {
        this.feed = feed;
        this.backlog = backlog;
        this.registry = registry;
        this.device = device;
        this.own = new TransactionView(feed, backlog, device, updatedAfter);
        this.updatedAfter = updatedAfter;
    }

    /** What they are now; empty when they cannot be had just now. */
    public Optional<Collection<TransactionUpdate>> poll() {
        if ((!hasOthers && !readOthers()) || !own.poll()) {
            return Optional.empty();
        }
        var all = new HashMap<>(others);
        own.latest().forEach(update -> keepLatest(all, update));
        return Optional.of(List.copyOf(all.values()));
    }

    /**
     * Those that an update changed which came after the first look, even if it was made before the time of interest.
     * What the update came too late for, a later state being known, is not among them.
     */
    public Collection<TransactionUpdate> changed() {
        var last = new HashMap<String, TransactionUpdate>();
        own.arrived().forEach(update -> keepLatest(last, update));
        if (last.isEmpty()) {
            return List.of();
        }
        var known = new HashMap<>(others);
        own.latest().forEach(update -> keepLatest(known, update));
        if (last.values().stream().anyMatch(update -> update.lastUpdated() <= updatedAfter)) {
            // Of its transaction a later state may be known that is not of interest either.
            var all = new WalletTransactions(feed, backlog, registry, device, -1).poll();
            if (all.isEmpty()) {
                return List.of();
            }
            all.get().forEach(update -> keepLatest(known, update));
        }
        return last.values().stream()
                .filter(update -> !isSuperseded(update, known.get(update.id())))
                .toList();
    }

    private boolean readOthers() {
        var views = registry.devicesOf(device.walletId()).stream()
                .filter(other -> other.belongsTo(device.userId(), device.tenant(), device.walletId())
                        && !other.deviceId().equals(device.deviceId()))
                .map(other -> new TransactionView(feed, backlog, other, updatedAfter))
                .toList();
        var found = new ArrayList<TransactionUpdate>();
        for (var view : views) {
            if (!view.poll()) {
                return false;
            }
            found.addAll(view.latest());
        }
        found.forEach(update -> keepLatest(others, update));
        hasOthers = true;
        return true;
    }

    /** A copy that another device got of the same event is no later state, wherever it lies in its partition. */
    private static boolean isSuperseded(TransactionUpdate update, @Nullable TransactionUpdate known) {
        return known != null && !known.event().eventId().equals(update.event().eventId()) && known.isLaterThan(update);
    }

    private static void keepLatest(Map<String, TransactionUpdate> all, TransactionUpdate update) {
        all.merge(update.id(), update, (known, other) -> other.isLaterThan(known) ? other : known);
    }
}
