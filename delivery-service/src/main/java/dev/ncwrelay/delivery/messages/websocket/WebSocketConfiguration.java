package dev.ncwrelay.delivery.messages.websocket;

import dev.ncwrelay.delivery.http.BodyBudget;
import dev.ncwrelay.delivery.http.HttpSettings;
import dev.ncwrelay.delivery.messages.stream.Acknowledgements;
import dev.ncwrelay.delivery.messages.stream.DeviceStreams;
import dev.ncwrelay.delivery.messages.stream.StartPositions;
import dev.ncwrelay.delivery.messages.subscription.Subscriptions;
import dev.ncwrelay.delivery.rpc.call.RpcCalls;
import dev.ncwrelay.delivery.security.AuthSettings;
import dev.ncwrelay.delivery.security.DeviceOwnership;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class WebSocketConfiguration {

    /** Longer than the heartbeat interval; the client answers heartbeats. */
    private static final Duration IDLE = Duration.ofSeconds(75);

    @Bean
    ConnectionContext connectionContext(
            Subscriptions subscriptions,
            DeviceStreams streams,
            StartPositions startPositions,
            Acknowledgements acknowledgements,
            RpcCalls calls,
            JwtDecoder tokens,
            ScheduledExecutorService waitTimers,
            ExecutorService waitWorkers,
            JsonMapper json,
            HttpSettings http,
            BodyBudget bodies) {
        return new ConnectionContext(
                subscriptions,
                streams,
                startPositions,
                acknowledgements,
                calls,
                tokens,
                waitTimers,
                waitWorkers,
                json,
                http,
                bodies);
    }

    @Bean
    WebSocketConfigurer webSockets(ConnectionContext context, DeviceOwnership ownership, AuthSettings access) {
        var strategy = new BoundedUpgradeStrategy(context);
        strategy.addWebSocketConfigurer(socket -> socket.setIdleTimeout(IDLE));
        return registry -> registry.addHandler(new SocketHandler(context), Handshake.PATH.replace("{deviceId}", "*"))
                .setHandshakeHandler(new DefaultHandshakeHandler(strategy))
                .setAllowedOrigins(access.allowedOrigins().toArray(String[]::new))
                .addInterceptors(new Handshake(ownership));
    }
}
