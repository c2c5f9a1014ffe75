package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.http.BodyBudget;
import dev.ncwrelay.delivery.http.BodyMeter;
import dev.ncwrelay.delivery.http.HttpSettings;
import dev.ncwrelay.delivery.messages.stream.Acknowledgements;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.subscription.Subscriptions;
import dev.ncwrelay.delivery.rpc.call.RpcCalls;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import tools.jackson.databind.json.JsonMapper;

/** The dependencies of all connections of this node. */
record ConnectionContext(
        Subscriptions subscriptions,
        DeviceStreams streams,
        StartPositions positioning,
        Acknowledgements acknowledging,
        RpcCalls calls,
        JwtDecoder tokens,
        ScheduledExecutorService timers,
        ExecutorService workers,
        JsonMapper json,
        HttpSettings http,
        BodyBudget bodies) {

    /** Creates the meter of one message, which must be closed. */
    BodyMeter meter() {
        return new BodyMeter(http, bodies, System::nanoTime);
    }

    /** Runs work on the workers after a delay. */
    Future<?> after(Duration delay, Runnable work) {
        return timers.schedule(() -> workers.execute(work), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    String checkedRequestId(String id) {
        return RpcCalls.requestId(id);
    }

    /** True while the device's ownership is still that of {@code device}. */
    boolean isCurrent(RegisteredDevice device) {
        return streams.isCurrent(device);
    }
}
