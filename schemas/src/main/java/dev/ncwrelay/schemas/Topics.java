package dev.ncwrelay.schemas;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.avro.DeviceCursor;
import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.avro.RpcReply;
import dev.ncwrelay.avro.RpcRequest;
import dev.ncwrelay.avro.WorkspaceEvent;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Every topic of the relay. The only place where a topic's name is spelled. */
public final class Topics {

    /** Webhooks addressed to devices, keyed by device id. The partition is the device's stream. */
    public static final Topic<DeviceEvent> DEVICE_EVENTS =
            retained("ncw.device.events", DeviceEvent.class, Duration.ofDays(7));

    /** Client payloads on their way to Fireblocks, keyed by device id. */
    public static final Topic<RpcRequest> RPC_REQUESTS =
            retained("ncw.rpc.requests", RpcRequest.class, Duration.ofDays(1));

    /** What became of them, keyed by device id. */
    public static final Topic<RpcReply> RPC_REPLIES = retained("ncw.rpc.replies", RpcReply.class, Duration.ofDays(1));

    /** Acknowledgements, keyed by device id and consumer, partitioned by device id. */
    public static final Topic<DeviceCursor> DEVICE_CURSORS = compacted("ncw.device.cursors", DeviceCursor.class);

    /** Registrations, keyed by device id. */
    public static final Topic<Device> DEVICES = compacted("ncw.devices", Device.class);

    /** Webhooks of wallets that have no device yet, keyed by wallet id; a null value marks one as delivered. */
    public static final Topic<DeviceEvent> WALLET_UNROUTED =
            retained("ncw.wallet.unrouted", DeviceEvent.class, Duration.ofDays(7));

    /** Webhooks that concern no device, keyed by resource id, for the enterprise's own consumers. */
    public static final Topic<WorkspaceEvent> WORKSPACE_EVENTS =
            retained("ncw.workspace.events", WorkspaceEvent.class, Duration.ofDays(7));

    /** Bodies that Fireblocks signed but that cannot be read: raw bytes, failure in the headers. */
    public static final String WEBHOOK_DEAD_LETTERS = "ncw.webhooks.dlt";

    /** How long dead letters stay. */
    public static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

    private Topics() {}

    /** Every topic that carries records. */
    public static List<Topic<?>> all() {
        return List.of(
                DEVICE_EVENTS, RPC_REQUESTS, RPC_REPLIES, DEVICE_CURSORS, DEVICES, WALLET_UNROUTED, WORKSPACE_EVENTS);
    }

    private static <T extends SpecificRecord> Topic<T> retained(String name, Class<T> type, Duration retention) {
        return new Topic<>(name, type, retention, false);
    }

    private static <T extends SpecificRecord> Topic<T> compacted(String name, Class<T> type) {
        return new Topic<>(name, type, Duration.ZERO, true);
    }
}
