package dev.ncwrelay.bench.measure;

import dev.ncwrelay.bench.http.Connection;
import dev.ncwrelay.bench.system.Device;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Long polls of devices that receive no messages, repeated until closed. */
final class HeldPolls implements AutoCloseable {

    private final int port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger connected = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    HeldPolls(int port) {
        this.port = port;
    }

    /** One more for each of these devices. */
    void hold(List<Device> devices) throws InterruptedException {
        int before = connected.get();
        devices.forEach(device -> threads.execute(() -> hold(device)));
        while (connected.get() < before + devices.size() && ended.get() == 0) {
            Thread.sleep(50);
        }
    }

    /** How many have ended although they should be held: then what was measured is something else. */
    int ended() {
        return ended.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private void hold(Device device) {
        try (var connection = Connection.open(port)) {
            connected.incrementAndGet();
            connection.send(device.poll("{\"wait\":50,\"after\":\"latest\"}"));
            ended.incrementAndGet();
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                ended.incrementAndGet();
            }
        }
    }
}
