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
 * The calls that wait for a reply on this node, so that they end at once when their device's ownership ends. A call is
 * added before the device's owner is checked, so no change is missed. Bounded by the in-flight limits.
 */
final class PendingCalls {

    private final Function<String, Optional<RegisteredDevice>> registry;
    private final ConcurrentMap<String, List<Pending>> byDevice = new ConcurrentHashMap<>();

    private record Pending(RegisteredDevice device, CompletableFuture<Reply> reply) {}

    PendingCalls(Function<String, Optional<RegisteredDevice>> registry) {
        this.registry = registry;
    }

    /** Adds a call and returns its reply, which fails if the device is registered for another user or tenant first. */
    CompletableFuture<Reply> tracked(RegisteredDevice device, CompletableFuture<Reply> reply) {
        var pending = new Pending(device, reply);
        byDevice.merge(
                device.deviceId(),
                List.of(pending),
                (others, added) ->
                        Stream.concat(others.stream(), added.stream()).toList());
        var _ = reply.whenComplete((_, _) -> remove(pending));
        endIfForeign(pending);
        return reply;
    }

    /** Ends the calls of an ownership that has ended, unless the device still belongs to the same user and tenant. */
    void end(RegisteredDevice former) {
        byDevice.getOrDefault(former.deviceId(), List.of()).forEach(this::endIfForeign);
    }

    int size() {
        return byDevice.values().stream().mapToInt(List::size).sum();
    }

    private void endIfForeign(Pending pending) {
        var device = pending.device();
        boolean isSameOwners = registry.apply(device.deviceId())
                .filter(present ->
                        present.userId().equals(device.userId()) && Objects.equals(present.tenant(), device.tenant()))
                .isPresent();
        if (!isSameOwners) {
            pending.reply().completeExceptionally(new Failure.ForeignDevice().exception());
        }
    }

    private void remove(Pending pending) {
        byDevice.computeIfPresent(pending.device().deviceId(), (_, all) -> {
            var others = all.stream().filter(other -> !other.equals(pending)).toList();
            return others.isEmpty() ? null : others;
        });
    }
}
