package dev.ncwrelay.http;

import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** Settings of a connector that is not started yet. */
public final class Connectors {

    private Connectors() {}

    /**
     * Prepares a connector for many connections.
     *
     * @param acceptQueue connections that may wait to be accepted: with Jetty's 50, further connections of a burst would
     *     be established for the clients but never accepted
     */
    public static void prepare(ServerConnector connector, int acceptQueue) {
        connector.setAcceptQueueSize(acceptQueue);
        // Otherwise each connection caches long headers, tokens included, in a table of 100 KB for its next request.
        http(connector).forEach(http -> http.setHeaderCacheSize(0));
    }

    static Stream<HttpConfiguration> http(ServerConnector connector) {
        return connector.getConnectionFactories().stream()
                .filter(HttpConnectionFactory.class::isInstance)
                .map(factory -> ((HttpConnectionFactory) factory).getHttpConfiguration());
    }
}
