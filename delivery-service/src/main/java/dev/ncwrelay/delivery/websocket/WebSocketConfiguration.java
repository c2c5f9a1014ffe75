package dev.ncwrelay.delivery.websocket;

import dev.ncwrelay.delivery.access.AccessSettings;
import dev.ncwrelay.delivery.access.Ownership;
import dev.ncwrelay.delivery.call.RpcCalls;
import dev.ncwrelay.delivery.live.LiveStreams;
import dev.ncwrelay.delivery.request.BodyBudget;
import dev.ncwrelay.delivery.request.HttpSettings;
import dev.ncwrelay.delivery.stream.Acknowledging;
import dev.ncwrelay.delivery.stream.DeviceStreams;
import dev.ncwrelay.delivery.stream.Positioning;
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

    /** Longer than the pauses between heartbeats, which the client answers. */
    private static final Duration IDLE = Duration.ofSeconds(75);

    @Bean
    Services webSocketServices(
            LiveStreams live,
            DeviceStreams streams,
            Positioning positioning,
            Acknowledging acknowledging,
            RpcCalls calls,
            JwtDecoder tokens,
            ScheduledExecutorService waitTimers,
            ExecutorService waitWorkers,
            JsonMapper json,
            HttpSettings http,
            BodyBudget bodies) {
        return new Services(
                live, streams, positioning, acknowledging, calls, tokens, waitTimers, waitWorkers, json, http, bodies);
    }

    @Bean
    WebSocketConfigurer webSockets(Services services, Ownership ownership, AccessSettings access) {
        var strategy = new BoundedUpgrade(services);
        strategy.addWebSocketConfigurer(socket -> socket.setIdleTimeout(IDLE));
        return registry -> registry.addHandler(new SocketHandler(services), Handshake.PATH.replace("{deviceId}", "*"))
                .setHandshakeHandler(new DefaultHandshakeHandler(strategy))
                .setAllowedOrigins(access.allowedOrigins().toArray(String[]::new))
                .addInterceptors(new Handshake(ownership));
    }
}
