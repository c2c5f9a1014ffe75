package dev.ncwrelay.delivery.demo;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.ncwrelay.delivery.device.registration.Registration;
import dev.ncwrelay.delivery.security.TenantBinding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The demo backend's devices: a user lists the own ones and registers new ones.
 *
 * @see <a href="https://github.com/fireblocks/ncw-backend-demo/blob/main/src/controllers/device.controller.ts">the demo's
 *     controller</a>
 */
@RestController
@ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
class DemoDevicesController {

    private final DemoUsers users;
    private final DeviceAssignment assignment;
    private final TenantBinding binding;

    DemoDevicesController(DemoUsers users, DeviceAssignment assignment, TenantBinding binding) {
        this.users = users;
        this.assignment = assignment;
        this.binding = binding;
    }

    /**
     * A device of the user.
     *
     * @param createdAt when it was first registered, in epoch milliseconds
     */
    record DemoDevice(String deviceId, String walletId, long createdAt) {}

    /** Oldest first. */
    record DemoDevices(List<DemoDevice> devices) {}

    /** The wallet of a device. */
    record DeviceWallet(String walletId) {}

    /** The wallet to join. Clients of the demo backend add members of their own. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record JoinBody(@Nullable String walletId) {}

    @GetMapping("/api/devices")
    DemoDevices findAll(Authentication caller) {
        return new DemoDevices(users.devicesOf(users.user(caller)).stream()
                .map(device -> new DemoDevice(
                        device.deviceId(),
                        device.walletId(),
                        device.registeredAt().toEpochMilli()))
                .toList());
    }

    /** The registration is stored and visible on this node before the response. No thread waits. */
    @PostMapping("/api/devices/{deviceId}/assign")
    CompletableFuture<DeviceWallet> assign(@PathVariable String deviceId, Authentication caller) {
        var user = users.user(caller);
        return assignment
                .assign(Registration.checkedId("deviceId", deviceId), user, binding.of(caller))
                .thenApply(DeviceWallet::new);
    }

    /** The same. */
    @PostMapping("/api/devices/{deviceId}/join")
    CompletableFuture<DeviceWallet> join(
            @PathVariable String deviceId, @RequestBody JoinBody body, Authentication caller) {
        var user = users.user(caller);
        return assignment
                .join(
                        Registration.checkedId("deviceId", deviceId),
                        Registration.checkedId("walletId", body.walletId()),
                        user,
                        binding.of(caller))
                .thenApply(DeviceWallet::new);
    }
}
