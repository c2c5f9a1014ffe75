package dev.ncwrelay.schemas;

import dev.ncwrelay.avro.ChannelState;
import dev.ncwrelay.avro.ChannelSubscription;
import dev.ncwrelay.avro.Device;
import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.PassphraseInfo;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.avro.WorkspaceEvent;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** All topics of the relay, and the only place that spells their names. */
public final class Topics {

    /** Webhooks addressed to devices, keyed by device id. The partition is the device's stream. */
    public static final Topic<DeviceEvent> DEVICE_EVENTS =
            retained("ncw.device.events", DeviceEvent.class, Duration.ofDays(7));

    /** RPC requests of devices to Fireblocks, keyed by device id. */
    public static final Topic<RpcRequest> RPC_REQUESTS =
            retained("ncw.rpc.requests", RpcRequest.class, Duration.ofDays(1));

    /** The outcomes of RPC requests, keyed by device id. */
    public static final Topic<RpcReply> RPC_REPLIES = retained("ncw.rpc.replies", RpcReply.class, Duration.ofDays(1));

    /** Acknowledged positions, keyed by device id and consumer, partitioned by device id. */
    public static final Topic<DeviceCursor> DEVICE_CURSORS = compacted("ncw.device.cursors", DeviceCursor.class);

    /** Registrations, keyed by device id. */
    public static final Topic<Device> DEVICES = compacted("ncw.devices", Device.class);

    /** Subscriptions to channels, keyed by device id, kind and name, partitioned by device id. */
    public static final Topic<ChannelSubscription> DEVICE_CHANNELS =
            compacted("ncw.device.channels", ChannelSubscription.class);

    /** The states of these subscriptions, with the same keys and partitions. */
    public static final Topic<ChannelState> CHANNEL_STATES = compacted("ncw.device.channel.states", ChannelState.class);

    /**
     * Where users keep the passphrases of their backups, keyed by user id and passphrase id, partitioned by user id. Only
     * the demo API of delivery-service uses it.
     */
    public static final Topic<PassphraseInfo> PASSPHRASES = compacted("ncw.passphrases", PassphraseInfo.class);

    /** Webhooks of wallets that have no device yet, keyed by wallet id; a null value marks one as delivered. */
    public static final Topic<DeviceEvent> WALLET_UNROUTED =
            retained("ncw.wallet.unrouted", DeviceEvent.class, Duration.ofDays(7));

    /** Webhooks that concern no device, keyed by resource id, for the enterprise's own consumers. */
    public static final Topic<WorkspaceEvent> WORKSPACE_EVENTS =
            retained("ncw.workspace.events", WorkspaceEvent.class, Duration.ofDays(7));

    /** Dead letters of webhooks: signed bodies that cannot be decoded. */
    public static final String WEBHOOK_DEAD_LETTERS = "ncw.webhooks.dlt";

    /** Retention of dead letters. */
    public static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

    private Topics() {}

    /** All topics except those of dead letters. */
    public static List<Topic<?>> all() {
        return List.of(
                DEVICE_EVENTS,
                RPC_REQUESTS,
                RPC_REPLIES,
                DEVICE_CURSORS,
                DEVICES,
                DEVICE_CHANNELS,
                CHANNEL_STATES,
                PASSPHRASES,
                WALLET_UNROUTED,
                WORKSPACE_EVENTS);
    }

    /** The names of all topics of dead letters. */
    public static List<String> deadLetters() {
        return Stream.concat(all().stream().map(Topic::deadLetters), Stream.of(WEBHOOK_DEAD_LETTERS))
                .toList();
    }

    private static <T extends SpecificRecord> Topic<T> retained(String name, Class<T> type, Duration retention) {
        return new Topic<>(name, type, retention, false);
    }

    private static <T extends SpecificRecord> Topic<T> compacted(String name, Class<T> type) {
        return new Topic<>(name, type, Duration.ZERO, true);
    }
}
