package dev.ncwrelay.delivery.channel;

import dev.ncwrelay.delivery.channel.ChannelResponse.ChannelList;
import dev.ncwrelay.delivery.channel.kind.ChannelKind;
import dev.ncwrelay.delivery.channel.kind.ChannelKinds;
import dev.ncwrelay.delivery.security.OwnDevice;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
        return subscriber
                .subscribe(device, usable, usable.settings(ChannelBody.membersOf(body)))
                .thenApply(result -> ResponseEntity.status(result.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                        .body(ChannelResponse.of(usable, device, result.channel())));
    }

    /** A {@link ChannelList} for a kind of which a device may have several subscriptions, else a {@link ChannelResponse}. */
    @GetMapping("/v1/devices/{deviceId}/channels/{kind}")
    Object find(@PathVariable String kind, @OwnDevice(rateLimited = true) RegisteredDevice device) {
        var usable = require(kind);
        var found = responses(usable, device);
        return usable.perDevice().isPresent()
                ? new ChannelList(found.toList())
                : found.findFirst().orElseThrow(() -> ChannelProblems.notSubscribed(device.deviceId(), kind));
    }

    @GetMapping("/v1/devices/{deviceId}/channels")
    ChannelList list(@OwnDevice(rateLimited = true) RegisteredDevice device) {
        var usable = kinds.usable();
        if (usable.isEmpty()) {
            throw ChannelProblems.unavailable(kinds.unavailable());
        }
        return new ChannelList(
                usable.stream().flatMap(kind -> responses(kind, device)).toList());
    }

    /** Responds when all subscriptions to the kind have ended on this node, also when there was none. No thread waits. */
    @DeleteMapping("/v1/devices/{deviceId}/channels/{kind}")
    CompletableFuture<ResponseEntity<Void>> unsubscribe(
            @PathVariable String kind, @OwnDevice(rateLimited = true) RegisteredDevice device) {
        return unsubscribe(device, kind, _ -> true);
    }

    /** The same for the subscription with this name. */
    @DeleteMapping("/v1/devices/{deviceId}/channels/{kind}/{name}")
    CompletableFuture<ResponseEntity<Void>> unsubscribeOne(
            @PathVariable String kind,
            @PathVariable String name,
            @OwnDevice(rateLimited = true) RegisteredDevice device) {
        return unsubscribe(device, kind, name::equals);
    }

    private CompletableFuture<ResponseEntity<Void>> unsubscribe(
            RegisteredDevice device, String kind, Predicate<String> name) {
        return subscriber
                .unsubscribe(device, require(kind), name)
                .thenApply(_ -> ResponseEntity.noContent().build());
    }

    private Stream<ChannelResponse> responses(ChannelKind kind, RegisteredDevice device) {
        return subscriber.find(device, kind).stream().map(channel -> ChannelResponse.of(kind, device, channel));
    }

    private ChannelKind require(String name) {
        var kind = kinds.named(name).orElseThrow(() -> ChannelProblems.unknownKind(kinds));
        kind.unavailable().ifPresent(reason -> {
            throw ChannelProblems.unavailable(reason);
        });
        return kind;
    }
}
