package dev.ncwrelay.delivery.lifecycle;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.ncwrelay.delivery.presence.PresenceConnector;
import dev.ncwrelay.delivery.request.HttpSettings;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** What accepts the clients' connections: their end is noticed, their number is bounded, and a burst of them may wait. */
final class Acceptors implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(Acceptors.class);

    /** Descriptors for Kafka, the mailbox's files and the other ports. */
    private static final int OTHER_DESCRIPTORS = 1_000;

    private final HttpSettings settings;
    private final Executor workers;
    private final List<Connector> connectors = new CopyOnWriteArrayList<>();

    Acceptors(HttpSettings settings, Executor workers) {
        this.settings = settings;
        this.workers = workers;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(this::replaceConnectors);
    }

    /** Takes no more connections; those there are stay. */
    void close() {
        for (var connector : connectors) {
            // Done when the last connection has ended, which the web server waits for when it stops.
            var _ = connector.shutdown();
        }
    }

    private void replaceConnectors(Server server) {
        server.setConnectors(Stream.of(server.getConnectors())
                .map(connector -> connector instanceof ServerConnector tcp ? replacement(tcp) : connector)
                .toArray(Connector[]::new));
        server.addBean(new NetworkConnectionLimit(affordable(settings.maxConnections()), server.getConnectors()));
    }

    /** Without a descriptor nothing can be accepted on any port, health neither. */
    private static int affordable(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long room = Math.max(1, system.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS);
            if (wanted > room) {
                log.atWarn()
                        .addKeyValue(
                                "reason", "the process may have " + system.getMaxFileDescriptorCount() + " descriptors")
                        .log("at most " + room + " connections are taken, not relay.delivery.http.max-connections");
                return (int) room;
            }
        }
        return wanted;
    }

    private Connector replacement(ServerConnector tcp) {
        var connector = PresenceConnector.like(tcp, workers);
        // Jetty's 50 are too few for a burst, whose rest would be connected for the clients and unknown here.
        connector.setAcceptQueueSize(settings.acceptQueue());
        // Each connection would keep its longer headers, tokens among them, in a table of 100 KB for its next request.
        connector.getConnectionFactories().stream()
                .filter(HttpConnectionFactory.class::isInstance)
                .map(HttpConnectionFactory.class::cast)
                .forEach(http -> http.getHttpConfiguration().setHeaderCacheSize(0));
        connectors.add(connector);
        return connector;
    }
}
