package dev.ncwrelay.delivery.rpc.call;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The calls that somebody waits for here, so that those of a device that changes hands end at once. A call is known
 * before it is checked whose the device is, so no change is missed. Bounded by those who wait.
 */
final class PendingCalls {

    private final Function<String, Optional<RegisteredDevice>> registry;
    private final ConcurrentMap<String, List<Running>> byDevice = new ConcurrentHashMap<>();

    private record Running(RegisteredDevice device, CompletableFuture<Reply> reply) {}

    PendingCalls(Function<String, Optional<RegisteredDevice>> registry) {
        this.registry = registry;
    }

    /** The same reply, which fails when the device is registered for another user before it comes. */
    CompletableFuture<Reply> tracked(RegisteredDevice device, CompletableFuture<Reply> reply) {
        var running = new Running(device, reply);
        byDevice.merge(
                device.deviceId(),
                List.of(running),
                (others, added) ->
                        Stream.concat(others.stream(), added.stream()).toList());
        var _ = reply.whenComplete((_, _) -> forget(running));
        endIfForeign(running);
        return reply;
    }

    /** Ends the calls of an ownership that has ended, unless the device is still the same user's. */
    void end(RegisteredDevice former) {
        byDevice.getOrDefault(former.deviceId(), List.of()).forEach(this::endIfForeign);
    }

    int size() {
        return byDevice.values().stream().mapToInt(List::size).sum();
    }

    private void endIfForeign(Running running) {
        var device = running.device();
        boolean isSameOwners = registry.apply(device.deviceId())
                .filter(present ->
                        present.userId().equals(device.userId()) && Objects.equals(present.tenant(), device.tenant()))
                .isPresent();
        if (!isSameOwners) {
            running.reply().completeExceptionally(new Failure.ForeignDevice().exception());
        }
    }

    private void forget(Running running) {
        byDevice.computeIfPresent(running.device().deviceId(), (_, all) -> {
            var others = all.stream().filter(other -> !other.equals(running)).toList();
            return others.isEmpty() ? null : others;
        });
    }
}
