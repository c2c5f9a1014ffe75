package dev.ncwrelay.ingress.redrive;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The offsets of kept events by wallet, without the events, which may need too much memory. Built from the topic, and
 * rebuilt when a partition is assigned. A partition is incomplete when the maximum was reached: its topic partition must be
 * read instead. For one thread.
 */
final class PendingWallets {

    private final int max;
    private final Map<Integer, Map<String, Set<Long>>> byPartition = new HashMap<>();
    private final Set<Integer> incomplete = new HashSet<>();
    private int size;

    PendingWallets(int max) {
        this.max = max;
    }

    /** An event of this wallet is kept at this offset. */
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

    /** The event at this offset is delivered or has expired. */
    void remove(int partition, String walletId, long offset) {
        var wallets = byPartition.getOrDefault(partition, new HashMap<>());
        wallets.computeIfPresent(walletId, (_, offsets) -> {
            if (offsets.remove(offset)) {
                size--;
            }
            return offsets.isEmpty() ? null : offsets;
        });
    }

    /** All events before this offset have expired. */
    void removeBefore(int partition, long offset) {
        byPartition.getOrDefault(partition, new HashMap<>()).values().removeIf(offsets -> {
            int before = offsets.size();
            offsets.removeIf(one -> one < offset);
            size -= before - offsets.size();
            return offsets.isEmpty();
        });
    }

    /** This partition is revoked, or is read again. */
    void forget(int partition) {
        var wallets = byPartition.remove(partition);
        if (wallets != null) {
            size -= wallets.values().stream().mapToInt(Set::size).sum();
        }
        incomplete.remove(partition);
    }

    /** Offsets of this wallet's events, oldest first. */
    List<Long> of(int partition, String walletId) {
        return List.copyOf(byPartition.getOrDefault(partition, Map.of()).getOrDefault(walletId, Set.of()));
    }

    /** The wallets with events in this partition. */
    Set<String> wallets(int partition) {
        return Set.copyOf(byPartition.getOrDefault(partition, Map.of()).keySet());
    }

    boolean isIncomplete(int partition) {
        return incomplete.contains(partition);
    }

    /** Incomplete partitions, once there is enough room to read them again. */
    Set<Integer> partitionsToReload() {
        return size < max / 2 ? Set.copyOf(incomplete) : Set.of();
    }

    /** Offsets in memory. */
    int size() {
        return size;
    }
}
