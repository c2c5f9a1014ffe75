package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.failure.Failure;
import dev.ncwrelay.delivery.failure.FailureException;
import dev.ncwrelay.delivery.rpc.call.RpcFailures;
import dev.ncwrelay.delivery.rpc.reply.Reply;
import dev.ncwrelay.devices.RegisteredDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The RPC calls of one WebSocket. Each is answered with the id that the client gave it, in the order of the replies. */
final class SocketCalls {

    private static final Logger log = LoggerFactory.getLogger(SocketCalls.class);

    private final ConnectionContext context;
    private final RegisteredDevice device;
    private final SocketWriter writer;
    private final Runnable onForeignDevice;

    /**
     * Creates it.
     *
     * @param onForeignDevice run in place of a result when the device belongs to another user by then
     */
    SocketCalls(ConnectionContext context, RegisteredDevice device, SocketWriter writer, Runnable onForeignDevice) {
        this.context = context;
        this.device = device;
        this.writer = writer;
        this.onForeignDevice = onForeignDevice;
    }

    /** Starts a call; its result is sent when it is there. */
    void call(@Nullable String id, @Nullable String payload) {
        if (id == null || payload == null) {
            throw new Failure.InvalidRequest(
                            "id, a request id, and message, the string that the SDK emitted, are expected")
                    .exception();
        }
        var requestId = context.checkedRequestId(id);
        try {
            var _ = context.calls()
                    .call(device, requestId, payload, Map.of())
                    .whenCompleteAsync((reply, failure) -> answer(requestId, reply, failure), context.workers());
        } catch (FailureException refused) {
            answer(requestId, null, refused);
        }
    }

    private void answer(String requestId, @Nullable Reply reply, @Nullable Throwable failure) {
        if (!context.isCurrent(device)) {
            onForeignDevice.run();
            return;
        }
        try {
            if (reply instanceof Reply.Answered(var body)) {
                var text = StandardCharsets.UTF_8.decode(body.duplicate()).toString();
                writer.sendMessage("rpc_result", Map.of("id", requestId, "status", 200, "body", text));
                return;
            }
            writer.sendFailure("rpc_error", RpcFailures.of(reply, failure, requestId), Map.of("id", requestId));
        } catch (IOException e) {
            log.atDebug().setCause(e).log("rpc result not sent, socket closed");
        }
    }
}
