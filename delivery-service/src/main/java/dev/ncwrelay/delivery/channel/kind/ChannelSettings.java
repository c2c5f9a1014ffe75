package dev.ncwrelay.delivery.channel.kind;

import java.util.Map;

/**
 * What a subscription stores for its kind of channel. Values may be secret: {@link #toString} shows none.
 *
 * @param name distinguishes several subscriptions of a device; empty for kinds that have one per device
 * @param values by names of the kind's own
 */
public record ChannelSettings(String name, Map<String, String> values) {

    private static final ChannelSettings NONE = new ChannelSettings("", Map.of());

    public ChannelSettings {
        values = Map.copyOf(values);
    }

    /** Those of a kind that has one subscription per device, and no settings. */
    public static ChannelSettings none() {
        return NONE;
    }

    @Override
    public String toString() {
        return "ChannelSettings[name=" + name + ", values=(hidden)]";
    }
}
