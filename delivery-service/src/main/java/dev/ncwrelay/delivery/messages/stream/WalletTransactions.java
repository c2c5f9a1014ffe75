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
 * The latest states of the transactions of a device's wallet: those of all devices of the wallet with the same user and
 * tenant, so that a device that is registered later sees earlier transactions. Updates that arrive meanwhile are in the
 * device's own stream. To be used by one thread at a time.
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
     * @param updatedAfter only transactions that were updated after this time, in epoch milliseconds
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

    /** Reads the current states; empty when they are not available now. */
    public Optional<Collection<TransactionUpdate>> poll() {
        if ((!hasOthers && !readOthers()) || !own.poll()) {
            return Optional.empty();
        }
        var all = new HashMap<>(others);
        own.latest().forEach(update -> keepLatest(all, update));
        return Optional.of(List.copyOf(all.values()));
    }

    /**
     * The transactions that were changed by updates that arrived after the first {@link #poll}, even if they were
     * updated before the time. Updates that arrived after a later state are not included.
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
            // A later state of such a transaction may exist that was also updated before the time.
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

    /**
     * True when a later state is known. Another device's copy of the same event is not a later state, whatever its
     * offset.
     */
    private static boolean isSuperseded(TransactionUpdate update, @Nullable TransactionUpdate known) {
        return known != null && !known.event().eventId().equals(update.event().eventId()) && known.isLaterThan(update);
    }

    private static void keepLatest(Map<String, TransactionUpdate> all, TransactionUpdate update) {
        all.merge(update.id(), update, (known, other) -> other.isLaterThan(known) ? other : known);
    }
}
