package dev.ncwrelay.ingress.redrive;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which wallets have events waiting for a device, and where on the log these are: offsets only, since bodies may be
 * many. Built from the log and rebuilt whenever a partition is taken over. A partition of which some offsets found no
 * room is incomplete: there, the log has to be read. For one thread.
 */
final class PendingWallets {

    private final int max;
    private final Map<Integer, Map<String, Set<Long>>> byPartition = new HashMap<>();
    private final Set<Integer> incomplete = new HashSet<>();
    private int size;

    PendingWallets(int max) {
        this.max = max;
    }

    /** An event of this wallet waits here. */
    void add(int partition, String walletId, long offset) {
        if (size >= max) {
            incomplete.add(partition);
        } else if (byPartition
                .computeIfAbsent(partition, _ -> new HashMap<>())
                .computeIfAbsent(walletId, _ -> new TreeSet<>())
                .add(offset)) {
            size++;
        }
    }

    /** The event at this offset is delivered, or gone. */
    void remove(int partition, String walletId, long offset) {
        var wallets = byPartition.getOrDefault(partition, new HashMap<>());
        wallets.computeIfPresent(walletId, (_, offsets) -> {
            if (offsets.remove(offset)) {
                size--;
            }
            return offsets.isEmpty() ? null : offsets;
        });
    }

    /** Kafka keeps no event before this offset any more. */
    void removeBefore(int partition, long offset) {
        byPartition.getOrDefault(partition, new HashMap<>()).values().removeIf(offsets -> {
            int before = offsets.size();
            offsets.removeIf(one -> one < offset);
            size -= before - offsets.size();
            return offsets.isEmpty();
        });
    }

    /** This partition is another node's now, or is read anew. */
    void forget(int partition) {
        var wallets = byPartition.remove(partition);
        if (wallets != null) {
            size -= wallets.values().stream().mapToInt(Set::size).sum();
        }
        incomplete.remove(partition);
    }

    /** Where the events of this wallet are, oldest first. */
    List<Long> of(int partition, String walletId) {
        return List.copyOf(byPartition.getOrDefault(partition, Map.of()).getOrDefault(walletId, Set.of()));
    }

    /** The wallets that have events here. */
    Set<String> wallets(int partition) {
        return Set.copyOf(byPartition.getOrDefault(partition, Map.of()).keySet());
    }

    boolean isIncomplete(int partition) {
        return incomplete.contains(partition);
    }

    /** Incomplete partitions, once there is enough room again to read them anew. */
    Set<Integer> partitionsToReload() {
        return size < max / 2 ? Set.copyOf(incomplete) : Set.of();
    }

    /** Offsets in memory. */
    int size() {
        return size;
    }
}
