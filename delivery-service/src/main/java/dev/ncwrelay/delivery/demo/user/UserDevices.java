package dev.ncwrelay.delivery.demo.user;

import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The devices of each user. The registry is authoritative: an entry that is no longer true is not shown. Look-ups never
 * block.
 */
public final class UserDevices {

    /** Most devices that are shown of a user; the vendor's backend may register any number for one. */
    private static final int SHOWN = 1_000;

    private static final Comparator<RegisteredDevice> OLDEST_FIRST =
            Comparator.comparing(RegisteredDevice::registeredAt).thenComparing(RegisteredDevice::deviceId);

    private final DeviceRegistry registry;
    private final ConcurrentMap<String, Set<String>> users = new ConcurrentHashMap<>();

    UserDevices(DeviceRegistry registry) {
        this.registry = registry;
        registry.onRegistration(this::add);
        registry.onOwnershipEnd(this::remove);
        // After the listener, so that none is missed in between.
        registry.devices().forEach(this::add);
    }

    /** The devices of this user, oldest first, at most 1,000. */
    public List<RegisteredDevice> of(String userId) {
        return users.getOrDefault(userId, Set.of()).stream()
                .flatMap(deviceId -> registry.device(deviceId).stream())
                .filter(device -> device.userId().equals(userId))
                .sorted(OLDEST_FIRST)
                .limit(SHOWN)
                .toList();
    }

    /** True when a device of another user is in this wallet. */
    public boolean isOfOthers(String walletId, String userId) {
        return registry.devicesOf(walletId).stream()
                .anyMatch(device -> !device.userId().equals(userId));
    }

    private void add(RegisteredDevice device) {
        users.compute(device.userId(), (_, devices) -> {
            Set<String> all = devices == null ? ConcurrentHashMap.newKeySet() : devices;
            all.add(device.deviceId());
            return all;
        });
    }

    private void remove(RegisteredDevice former) {
        users.computeIfPresent(former.userId(), (_, devices) -> {
            devices.remove(former.deviceId());
            return devices.isEmpty() ? null : devices;
        });
    }
}
