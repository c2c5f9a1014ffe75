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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
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

    private static final int TIMEOUT_SECONDS = 9;
    private static final Duration SEEN_WITHIN = Duration.ofSeconds(5);

    private final DeviceRegistry registry;
    private final Publisher publisher;
    private final Clock clock;
    private final ExecutorService waitWorkers;

    RegisterController(DeviceRegistry registry, Publisher publisher, Clock clock, ExecutorService waitWorkers) {
        this.registry = registry;
        this.publisher = publisher;
        this.clock = clock;
        this.waitWorkers = waitWorkers;
    }

    /** 201 when the device is new, else 200; either way it is durable and known to this node. No request thread waits. */
    @PutMapping("/v1/devices/{deviceId}")
    CompletableFuture<ResponseEntity<RegisteredDevice>> register(
            @PathVariable String deviceId, @RequestBody Registration body) {
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
        var status = before.isPresent() ? HttpStatus.OK : HttpStatus.CREATED;
        return write(device)
                .thenApplyAsync(written -> ResponseEntity.status(status).body(seen(deviceId, written)), waitWorkers);
    }

    private RegisteredDevice seen(String deviceId, RecordMetadata written) {
        try {
            if (registry.awaitOffset(written.partition(), written.offset(), SEEN_WITHIN)) {
                return registry.device(deviceId).orElseThrow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Problem.unavailable("the registration is durable, but this node has not read it back yet");
    }

    private CompletableFuture<RecordMetadata> write(Device device) {
        return publisher
                .publish(Topics.DEVICES, device.getDeviceId(), device.getDeviceId(), device, Map.of())
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(_ -> CompletableFuture.failedFuture(
                        Problem.unavailable("the registration could not be made durable")));
    }
}
