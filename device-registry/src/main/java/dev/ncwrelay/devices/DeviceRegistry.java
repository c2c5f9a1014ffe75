package dev.ncwrelay.devices;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.deadletter.DeadLetterSink;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Every registered device, held in memory by every node that asks.
 *
 * <ol>
 *   <li>Look-ups never wait and never throw.
 *   <li>Before {@link #caughtUp} completes an unknown device may only be one that has not been read yet.
 *   <li>A listener is told of each registration after the look-ups show it, on the reading thread: it must not block.
 *   <li>{@link #awaitOffset} lets the writer of a registration wait until it is seen here.
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

    /** True for a device that is not registered and was once, as far as the log shows its removal. */
    public boolean wasRemoved(String deviceId) {
        return index.wasRemoved(deviceId);
    }

    /** The devices of this wallet, in the order they joined it. */
    public List<RegisteredDevice> devicesOf(String walletId) {
        return index.devicesOf(walletId);
    }

    /** Number of devices. */
    public int size() {
        return index.size();
    }

    /** Tells the listener of every device registered or registered anew from now on. */
    public void onRegistration(Consumer<RegisteredDevice> listener) {
        listeners.add(listener);
    }

    /**
     * Calls the listener with each ownership that has ended: the device has changed hands, or is gone. The look-ups
     * show it before; called on the reading thread, so it must not block.
     */
    public void onOwnershipEnd(Consumer<RegisteredDevice> listener) {
        endListeners.add(listener);
    }

    /** Completes when every device that was registered at the start is known. */
    public CompletionStage<Void> caughtUp() {
        return tail.caughtUp();
    }

    public boolean isCaughtUp() {
        return tail.isCaughtUp();
    }

    /** Registrations that are written and not yet known here, as of the last look at the topic. */
    public long lag() {
        return tail.lag();
    }

    /** Why nothing can be read just now, for people; empty when all is well. */
    public Optional<String> failure() {
        return tail.failure();
    }

    /** Waits until the registration written at this place is known here; false when it takes longer. */
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
            before.ifPresent(this::ended);
            return;
        }
        var registered = RegisteredDevice.of(device, before);
        index.put(registered);
        before.filter(former -> !former.isSameOwnership(registered)).ifPresent(this::ended);
        listeners.forEach(listener -> listener.accept(registered));
    }

    private void ended(RegisteredDevice former) {
        endListeners.forEach(listener -> listener.accept(former));
    }
}
