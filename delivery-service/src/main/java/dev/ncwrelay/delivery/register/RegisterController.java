package dev.ncwrelay.delivery.register;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.publish.Publisher;
import dev.ncwrelay.devices.DeviceRegistry;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Registers a device for a wallet and a user. Who may, is decided by scope before it comes here. */
@RestController
class RegisterController {

    private static final int PATIENCE_SECONDS = 9;
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);

    private final DeviceRegistry registry;
    private final Publisher publisher;
    private final Clock clock;

    RegisterController(DeviceRegistry registry, Publisher publisher, Clock clock) {
        this.registry = registry;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** 201 when the device is new, else 200; either way it is durable and known to this node. */
    @PutMapping("/v1/devices/{deviceId}")
    ResponseEntity<RegisteredDevice> register(@PathVariable String deviceId, @RequestBody Registration body)
            throws InterruptedException {
        var registration = body.checked(deviceId);
        var now = clock.instant();
        var before = registry.device(deviceId);
        var device = new Device(
                deviceId,
                registration.walletId(),
                registration.userId(),
                registration.tenant(),
                before.map(RegisteredDevice::registeredAt).orElse(now),
                now);
        var written = write(device);
        if (!registry.awaitOffset(written.partition(), written.offset(), SEEN_WITHIN)) {
            throw Problem.unavailable("the registration is durable, but this node has not read it back yet");
        }
        return ResponseEntity.status(before.isPresent() ? HttpStatus.OK : HttpStatus.CREATED)
                .body(registry.device(deviceId).orElseThrow());
    }

    private RecordMetadata write(Device device) {
        try {
            return publisher
                    .publish(Topics.DEVICES, device.getDeviceId(), device.getDeviceId(), device, Map.of())
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw Problem.unavailable("the registration could not be made durable");
        }
    }
}
