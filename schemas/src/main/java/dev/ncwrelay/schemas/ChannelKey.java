package dev.ncwrelay.schemas;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;

/**
 * The key of a subscription to a channel and of its state. One record per subscription, and not one per device, so that
 * two nodes that change two subscriptions of a device at once both succeed.
 *
 * @param kind the kind of channel
 * @param name distinguishes several subscriptions of one kind; empty for kinds that have one per device
 */
public record ChannelKey(String deviceId, String kind, String name) {

    private static final char SEPARATOR = '\0';

    public ChannelKey {
        if ((deviceId + kind + name).indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("a zero byte separates the parts of the key and cannot be in one");
        }
    }

    public static ChannelKey of(ChannelSubscription subscription) {
        return new ChannelKey(subscription.getDeviceId(), subscription.getKind(), subscription.getName());
    }

    public static ChannelKey of(ChannelState state) {
        return new ChannelKey(state.getDeviceId(), state.getKind(), state.getName());
    }

    /** The record's key. */
    public String recordKey() {
        return deviceId + SEPARATOR + kind + SEPARATOR + name;
    }

    /** What the keys of all records of a device begin with, and those of no other device. */
    public static String prefixOf(String deviceId) {
        return deviceId + SEPARATOR;
    }

    /** The same of a device and a kind. */
    public static String prefixOf(String deviceId, String kind) {
        return deviceId + SEPARATOR + kind + SEPARATOR;
    }

    /** The device of a record with this key. */
    public static String deviceOf(String recordKey) {
        int end = recordKey.indexOf(SEPARATOR);
        return end < 0 ? recordKey : recordKey.substring(0, end);
    }
}
