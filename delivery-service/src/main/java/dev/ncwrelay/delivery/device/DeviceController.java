package dev.ncwrelay.delivery.device;

import dev.ncwrelay.delivery.device.registration.DeviceRegistrar;
import dev.ncwrelay.delivery.device.registration.Registration;
import dev.ncwrelay.delivery.security.TenantBinding;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Registers a device for a wallet and a user. Spring Security has checked the scope before. */
@RestController
class DeviceController {

    private final DeviceRegistrar registrar;
    private final TenantBinding binding;

    DeviceController(DeviceRegistrar registrar, TenantBinding binding) {
        this.registrar = registrar;
        this.binding = binding;
    }

    /** A registration in a response. */
    record DeviceResponse(
            String deviceId,
            String walletId,
            String userId,
            @Nullable String tenant,
            Instant registeredAt,
            Instant updatedAt) {

        static DeviceResponse of(RegisteredDevice device) {
            return new DeviceResponse(
                    device.deviceId(),
                    device.walletId(),
                    device.userId(),
                    device.tenant(),
                    device.registeredAt(),
                    device.updatedAt());
        }
    }

    /** 201 when the device is new, else 200; it is stored and visible on this node. No thread waits. */
    @PutMapping("/v1/devices/{deviceId}")
    CompletableFuture<ResponseEntity<DeviceResponse>> register(
            @PathVariable String deviceId, @RequestBody Registration body, Authentication caller) {
        var tenant = binding.of(caller);
        var wanted = body.checked(deviceId);
        return registrar
                .register(deviceId, tenant.map(wanted::ofTenantUnlessGiven).orElse(wanted), tenant)
                .thenApply(outcome -> ResponseEntity.status(outcome.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                        .body(DeviceResponse.of(outcome.device())));
    }
}
