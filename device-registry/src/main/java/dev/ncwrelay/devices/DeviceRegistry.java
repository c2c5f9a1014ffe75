package dev.ncwrelay.devices;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An in-memory replica of all registered devices.
 *
 * <ol>
 *   <li>Look-ups never block and never throw.
 *   <li>Before {@link #caughtUp} completes, an unknown device may be one that has not been read yet.
 *   <li>A listener is called for each registration after look-ups show it, on the reading thread: it must not block.
 *   <li>{@link #awaitOffset} lets the writer of a registration wait until look-ups show it.
 * </ol>
 */
public final class DeviceRegistry implements AutoCloseable {

    private final DeviceIndex index = new DeviceIndex();
    private final List<Consumer<RegisteredDevice>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<RegisteredDevice>> endListeners = new CopyOnWriteArrayList<>();
    private final TopicTail<Device> tail;

    public DeviceRegistry(KafkaConnection kafka, RecordCodec codec, DeadLetterSink deadLetters, String clientId) {
        tail = TopicTail.start(
                Topics.DEVICES, new TailStart.Beginning(), kafka, clientId, codec, deadLetters, this::apply);
    }

    /** The device with this id. */
    public Optional<RegisteredDevice> device(String deviceId) {
        return index.device(deviceId);
    }

    /** True for a device that was removed and not registered again, while its tombstone is in the topic. */
    public boolean wasRemoved(String deviceId) {
        return index.wasRemoved(deviceId);
    }

    /** The devices of this wallet, in the order of their registration for it. */
    public List<RegisteredDevice> devicesOf(String walletId) {
        return index.devicesOf(walletId);
    }

    /** All devices that are loaded; a view that changes with the registry. */
    public Collection<RegisteredDevice> devices() {
        return index.devices();
    }

    /** Number of devices. */
    public int size() {
        return index.size();
    }

    /** Calls the listener for every registration from now on, also of a known device. */
    public void onRegistration(Consumer<RegisteredDevice> listener) {
        listeners.add(listener);
    }

    /**
     * Calls the listener when the ownership of a device has ended: its user, tenant or wallet has changed, or it was
     * removed. Called after look-ups show it, on the reading thread: it must not block.
     */
    public void onOwnershipEnd(Consumer<RegisteredDevice> listener) {
        endListeners.add(listener);
    }

    /** Completes when all devices that were registered at the start are loaded. */
    public CompletionStage<Void> caughtUp() {
        return tail.caughtUp();
    }

    public boolean isCaughtUp() {
        return tail.isCaughtUp();
    }

    /** Registrations in the topic that are not loaded yet, as of a moment ago. */
    public long lag() {
        return tail.lag();
    }

    /** Why nothing can be read now, human-readable; empty when healthy. */
    public Optional<String> failure() {
        return tail.failure();
    }

    /** Waits until the registration at this offset is loaded; false when it takes longer. */
    public boolean awaitOffset(int partition, long offset, Duration timeout) throws InterruptedException {
        return tail.awaitOffset(partition, offset, timeout);
    }

    @Override
    public void close() {
        tail.close();
    }

    private void apply(@Nullable Device device, ConsumerRecord<String, byte[]> record) {
        var before = index.device(record.key());
        if (device == null) {
            index.remove(record.key());
            before.ifPresent(this::ownershipEnded);
            return;
        }
        var registered = RegisteredDevice.of(device, before);
        index.put(registered);
        before.filter(former -> !former.isSameOwnership(registered)).ifPresent(this::ownershipEnded);
        listeners.forEach(listener -> listener.accept(registered));
    }

    private void ownershipEnded(RegisteredDevice former) {
        endListeners.forEach(listener -> listener.accept(former));
    }
}
