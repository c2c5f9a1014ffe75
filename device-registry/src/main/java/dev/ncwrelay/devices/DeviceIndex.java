package dev.ncwrelay.devices;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Devices by id and by wallet. One thread writes; many threads read without locks. The entry of the device is
 * authoritative: a move to another wallet is visible at once, before the lists of both wallets are updated.
 */
final class DeviceIndex {

    private final ConcurrentMap<String, RegisteredDevice> devices = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, List<String>> wallets = new ConcurrentHashMap<>();

    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    Optional<RegisteredDevice> device(String deviceId) {
        return Optional.ofNullable(devices.get(deviceId));
    }

    List<RegisteredDevice> devicesOf(String walletId) {
        return wallets.getOrDefault(walletId, List.of()).stream()
                .map(devices::get)
                .filter(device -> device != null && device.walletId().equals(walletId))
                .toList();
    }

    Collection<RegisteredDevice> devices() {
        return Collections.unmodifiableCollection(devices.values());
    }

    int size() {
        return devices.size();
    }

    void put(RegisteredDevice device) {
        var before = devices.get(device.deviceId());
        boolean joins = before == null || !before.walletId().equals(device.walletId());
        if (joins) {
            wallets.merge(device.walletId(), List.of(device.deviceId()), DeviceIndex::joined);
        }
        devices.put(device.deviceId(), device);
        removed.remove(device.deviceId());
        if (joins && before != null) {
            leave(before);
        }
    }

    void remove(String deviceId) {
        var before = devices.remove(deviceId);
        if (before != null) {
            removed.add(deviceId);
            leave(before);
        }
    }

    /** True for a device that was removed and not registered again, while its tombstone is in the topic. */
    boolean wasRemoved(String deviceId) {
        return removed.contains(deviceId);
    }

    private void leave(RegisteredDevice device) {
        wallets.computeIfPresent(device.walletId(), (wallet, members) -> {
            var others = members.stream()
                    .filter(member -> !member.equals(device.deviceId()))
                    .toList();
            return others.isEmpty() ? null : others;
        });
    }

    /** Wallets have few devices (at most ten), so a copied list costs less than a set. */
    private static List<String> joined(List<String> members, List<String> added) {
        return Stream.concat(members.stream(), added.stream()).toList();
    }
}
