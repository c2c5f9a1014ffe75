package dev.ncwrelay.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Settings of a connector that is not started yet. */
public final class Connectors {

    private Connectors() {}

    /**
     * Prepares a connector for many connections, and for clients that keep them without sending requests.
     *
     * @param acceptQueue connections that may wait to be accepted: with Jetty's 50, further connections of a burst would
     *     be established for the clients but never accepted
     * @param headTimeout time from the first byte of a request's head to its last; without a byte of it, the connector's
     *     idle timeout applies
     * @param metrics counts connections that are closed because of it
     */
    public static void prepare(
            ServerConnector connector, int acceptQueue, Duration headTimeout, MeterRegistry metrics) {
        connector.setAcceptQueueSize(acceptQueue);
        readSerially(connector);
        // Otherwise each connection caches long headers, tokens included, in a table of 100 KB for its next request.
        http(connector).forEach(http -> http.setHeaderCacheSize(0));
        var limits = HeadLimits.of(headTimeout, Duration.ofMillis(connector.getIdleTimeout()));
        RequestHeadTimeouts.addTo(connector, limits, System::nanoTime, metrics);
    }

    /** Keeps the bytes of each connection apart from those of others, which Jetty's own HTTP/1.1 connections do not. */
    public static void readSerially(Server server) {
        Stream.of(server.getConnectors()).map(ServerConnector.class::cast).forEach(Connectors::readSerially);
    }

    private static void readSerially(ServerConnector connector) {
        connector.setConnectionFactories(connector.getConnectionFactories().stream()
                .map(factory -> factory instanceof HttpConnectionFactory http
                        ? new SerialHttpConnectionFactory(http.getHttpConfiguration())
                        : factory)
                .toList());
    }

    static Stream<HttpConfiguration> http(ServerConnector connector) {
        return connector.getConnectionFactories().stream()
                .filter(HttpConnectionFactory.class::isInstance)
                .map(factory -> ((HttpConnectionFactory) factory).getHttpConfiguration());
    }
}
