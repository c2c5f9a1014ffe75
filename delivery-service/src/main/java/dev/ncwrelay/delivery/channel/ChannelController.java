package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.delivery.channel.ChannelResponse.ChannelList;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelKinds;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Subscribes the caller's device to channels. */
@RestController
class ChannelController {

    private final ChannelKinds kinds;
    private final ChannelSubscriber subscriber;

    ChannelController(ChannelKinds kinds, ChannelSubscriber subscriber) {
        this.kinds = kinds;
        this.subscriber = subscriber;
    }

    /** 201 when the device was not subscribed, else 200; it is stored and visible on this node. No thread waits. */
    @PutMapping("/v1/devices/{deviceId}/channels/{kind}")
    CompletableFuture<ResponseEntity<ChannelResponse>> subscribe(
            @PathVariable String kind,
            @RequestBody(required = false) @Nullable ChannelBody body,
            @OwnDevice(rateLimited = true) RegisteredDevice device) {
        var usable = require(kind);
        var settings = usable.settings(ChannelBody.membersOf(body));
        return subscriber
                .subscribe(device, keyOf(device, usable), settings, usable.limit())
                .thenApply(result -> ResponseEntity.status(result.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                        .body(ChannelResponse.of(usable, device, result.channel())));
    }

    @GetMapping("/v1/devices/{deviceId}/channels/{kind}")
    ChannelResponse find(@PathVariable String kind, @OwnDevice(rateLimited = true) RegisteredDevice device) {
        var usable = require(kind);
        return subscriber
                .find(device, keyOf(device, usable))
                .map(channel -> ChannelResponse.of(usable, device, channel))
                .orElseThrow(() -> ChannelProblems.notSubscribed(device.deviceId(), kind));
    }

    @GetMapping("/v1/devices/{deviceId}/channels")
    ChannelList list(@OwnDevice(rateLimited = true) RegisteredDevice device) {
        var usable = kinds.usable();
        if (usable.isEmpty()) {
            throw ChannelProblems.unavailable(kinds.unavailable());
        }
        return new ChannelList(usable.stream()
                .flatMap(
                        kind -> subscriber
                                .find(device, keyOf(device, kind))
                                .map(channel -> ChannelResponse.of(kind, device, channel))
                                .stream())
                .toList());
    }

    /** Responds when the subscription has ended on this node, also when there was none. No thread waits. */
    @DeleteMapping("/v1/devices/{deviceId}/channels/{kind}")
    CompletableFuture<ResponseEntity<Void>> unsubscribe(
            @PathVariable String kind, @OwnDevice(rateLimited = true) RegisteredDevice device) {
        return subscriber
                .unsubscribe(device, keyOf(device, require(kind)))
                .thenApply(_ -> ResponseEntity.noContent().build());
    }

    private ChannelKind require(String name) {
        var kind = kinds.named(name).orElseThrow(() -> ChannelProblems.unknownKind(kinds));
        kind.unavailable().ifPresent(reason -> {
            throw ChannelProblems.unavailable(reason);
        });
        return kind;
    }

    private static ChannelKey keyOf(RegisteredDevice device, ChannelKind kind) {
        return new ChannelKey(device.deviceId(), kind.name(), "");
    }
}
