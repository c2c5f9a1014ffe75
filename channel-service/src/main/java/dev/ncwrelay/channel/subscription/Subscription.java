package dev.ncwrelay.channel.subscription;

import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.schemas.ChannelKey;
import java.util.Map;

/**
 * A subscription in force: its device still belongs to the user who subscribed.
 *
 * @param id changes whenever the subscription begins anew
 * @param generation generation of the events topic that {@code eventsFrom} belongs to
 * @param eventsFrom first offset of the device's partition that is forwarded
 * @param device the registration of the device
 * @param settings what the kind of channel needs
 */
public record Subscription(
        ChannelKey key,
        String id,
        int generation,
        long eventsFrom,
        RegisteredDevice device,
        Map<String, String> settings) {

    public Subscription {
        settings = Map.copyOf(settings);
    }

    static Subscription of(ChannelSubscription record, RegisteredDevice device) {
        return new Subscription(
                ChannelKey.of(record),
                record.getSubscriptionId(),
                record.getGeneration(),
                Math.max(record.getEventsFrom(), device.eventsFrom()),
                device,
                record.getSettings());
    }

    /** The same, for this generation of the events topic: in another than its own, everything is forwarded. */
    public Subscription in(int current) {
        return generation == current ? this : new Subscription(key, id, current, 0, ofAllEvents(device), settings);
    }

    /** Without the settings, which may have a push token. */
    @Override
    public String toString() {
        return "Subscription[key=" + key + ", id=" + id + ", generation=" + generation + ", eventsFrom=" + eventsFrom
                + ", settings=(hidden)]";
    }

    private static RegisteredDevice ofAllEvents(RegisteredDevice device) {
        return new RegisteredDevice(
                device.deviceId(),
                device.walletId(),
                device.userId(),
                device.tenant(),
                device.registeredAt(),
                device.updatedAt(),
                device.epoch(),
                -1,
                device.conflicting());
    }
}
