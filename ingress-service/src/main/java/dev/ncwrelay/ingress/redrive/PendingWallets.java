package dev.ncwrelay.ingress.redrive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which wallets have events waiting for a device, and where on the log these are: offsets only, since bodies may be
 * many. Built from the log and rebuilt whenever a partition is taken over. For one thread.
 */
final class PendingWallets {

    private final Map<Integer, Map<String, List<Long>>> byPartition = new HashMap<>();

    /** An event of this wallet waits here. */
    void add(int partition, String walletId, long offset) {
        byPartition
                .computeIfAbsent(partition, _ -> new HashMap<>())
                .computeIfAbsent(walletId, _ -> new ArrayList<>())
                .add(offset);
    }

    /** Everything of this wallet that came so far is delivered. */
    void clear(int partition, String walletId) {
        byPartition.getOrDefault(partition, new HashMap<>()).remove(walletId);
    }

    /** This partition is another node's now. */
    void forget(int partition) {
        byPartition.remove(partition);
    }

    /** Where the events of this wallet are, oldest first. */
    List<Long> of(int partition, String walletId) {
        return List.copyOf(byPartition.getOrDefault(partition, Map.of()).getOrDefault(walletId, List.of()));
    }

    /** The wallets with something waiting in this partition. */
    Set<String> wallets(int partition) {
        return Set.copyOf(byPartition.getOrDefault(partition, Map.of()).keySet());
    }

    int size() {
        return byPartition.values().stream().mapToInt(Map::size).sum();
    }
}
