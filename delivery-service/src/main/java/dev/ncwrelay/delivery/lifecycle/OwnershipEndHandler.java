package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.messages.ack.AckPositions;
import dev.ncwrelay.delivery.messages.wait.WaitRegistry;
import dev.ncwrelay.delivery.rpc.call.RpcCalls;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Ends the former owner's waits, subscriptions and calls on this node when a device's ownership ends, and removes the
 * former owner's consumers.
 */
final class OwnershipEndHandler implements Consumer<RegisteredDevice> {

    private final WaitRegistry waits;
    private final RpcCalls calls;
    private final AckPositions positions;
    private final Executor workers;

    /** Creates it; {@code workers} complete the calls that end. */
    OwnershipEndHandler(WaitRegistry waits, RpcCalls calls, AckPositions positions, Executor workers) {
        this.waits = waits;
        this.calls = calls;
        this.positions = positions;
        this.workers = workers;
    }

    @Override
    public void accept(RegisteredDevice former) {
        waits.wake(Set.of(former.deviceId()));
        // The thread that reads registrations must not block.
        workers.execute(() -> {
            calls.endCallsOf(former);
            positions.removeFormerOwners(former.deviceId(), former.epoch() + 1);
        });
    }
}
