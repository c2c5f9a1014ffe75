package dev.ncwrelay.ingress.redrive;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which wallets have events waiting for a device, and where on the log these are: offsets only, since bodies may be
 * many. Built from the log and rebuilt whenever a partition is taken over. For one thread.
 */
final class PendingWallets {

    private final Map<Integer, Map<String, Set<Long>>> byPartition = new HashMap<>();

    /** An event of this wallet waits here. */
    void add(int partition, String walletId, long offset) {
        byPartition
                .computeIfAbsent(partition, _ -> new HashMap<>())
                .computeIfAbsent(walletId, _ -> new LinkedHashSet<>())
                .add(offset);
    }

    /** The event at this offset is delivered, or gone. */
    void remove(int partition, String walletId, long offset) {
        var wallets = byPartition.getOrDefault(partition, new HashMap<>());
        wallets.computeIfPresent(walletId, (_, offsets) -> {
            offsets.remove(offset);
            return offsets.isEmpty() ? null : offsets;
        });
    }

    /** This partition is another node's now. */
    void forget(int partition) {
        byPartition.remove(partition);
    }

    /** Where the events of this wallet are, oldest first. */
    List<Long> of(int partition, String walletId) {
        return List.copyOf(byPartition.getOrDefault(partition, Map.of()).getOrDefault(walletId, Set.of()));
    }
}
