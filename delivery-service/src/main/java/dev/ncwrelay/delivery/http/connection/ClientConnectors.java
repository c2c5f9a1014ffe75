package dev.ncwrelay.delivery.http.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.ncwrelay.delivery.http.HttpSettings;
import dev.ncwrelay.http.Connectors;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/** The connectors for clients: they detect disconnects, limit the number of connections, and queue a burst of them. */
public final class ClientConnectors implements WebServerFactoryCustomizer<JettyServletWebServerFactory> {

    private static final Logger log = LoggerFactory.getLogger(ClientConnectors.class);

    /** Descriptors for Kafka, the mailbox's files and the other ports. */
    private static final int OTHER_DESCRIPTORS = 1_000;

    private final HttpSettings settings;
    private final Executor workers;
    private final MeterRegistry metrics;
    private final List<Connector> connectors = new CopyOnWriteArrayList<>();

    ClientConnectors(HttpSettings settings, Executor workers, MeterRegistry metrics) {
        this.settings = settings;
        this.workers = workers;
        this.metrics = metrics;
    }

    @Override
    public void customize(JettyServletWebServerFactory factory) {
        factory.addServerCustomizers(this::replaceConnectors);
    }

    /** Accepts no more connections; existing ones stay open. */
    public void close() {
        for (var connector : connectors) {
            // Completes when the last connection has ended, which the web server waits for when it stops.
            var _ = connector.shutdown();
        }
    }

    private void replaceConnectors(Server server) {
        server.setConnectors(Stream.of(server.getConnectors())
                .map(connector -> connector instanceof ServerConnector tcp ? replacement(tcp) : connector)
                .toArray(Connector[]::new));
        server.addBean(new NetworkConnectionLimit(affordable(settings.maxConnections()), server.getConnectors()));
    }

    /** Without a free descriptor no port can accept a connection, the management port included. */
    private static int affordable(int wanted) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long room = Math.max(1, system.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS);
            if (wanted > room) {
                log.atWarn()
                        .addKeyValue("connections", room)
                        .addKeyValue("reason", "file descriptor limit " + system.getMaxFileDescriptorCount())
                        .log("max-connections reduced, too few file descriptors");
                return (int) room;
            }
        }
        return wanted;
    }

    private Connector replacement(ServerConnector tcp) {
        var connector = WatchedConnector.like(tcp, workers);
        Connectors.prepare(connector, settings.acceptQueue(), settings.headTimeout(), metrics);
        connectors.add(connector);
        return connector;
    }
}
