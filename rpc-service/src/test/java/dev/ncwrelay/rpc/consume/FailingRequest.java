package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.rpc.dispatch.DeviceDispatcher;
import java.util.concurrent.CountDownLatch;

/** A process in which a request fails with an error, on a thread of the factory that the service uses. */
final class FailingRequest {

    private FailingRequest() {}

    public static void main(String[] args) throws InterruptedException {
        var workers = new ConsumeConfiguration().requestWorkers();
        var dispatch = new DeviceDispatcher(new DeviceDispatcher.Bounds(1, 1, 1, 1_000), workers);
        dispatch.submit("device", 1, () -> {
            throw new LinkageError("injected");
        });
        new CountDownLatch(1).await();
    }
}
