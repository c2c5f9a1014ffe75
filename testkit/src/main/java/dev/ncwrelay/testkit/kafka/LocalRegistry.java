package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.schemas.serde.SchemaRegistration;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.server.Fixtures;
import dev.ncwrelay.testkit.server.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/** The real schema registry (Apicurio) with every committed schema registered: a process, or a container. */
public final class LocalRegistry implements AutoCloseable {

    private final int port;
    private final Server server;

    private LocalRegistry(int port, Server server) {
        this.port = port;
        this.server = server;
    }

    /** Starts a registry on a free port and returns when it is ready. */
    public static LocalRegistry start() {
        return start(FreePort.next());
    }

    /** The same on this port. */
    public static LocalRegistry start(int port) {
        KafkaUse.check();
        var server = switch (Fixtures.chosen()) {
            case EMBEDDED -> Processes.registry(port);
            case CONTAINERS -> Containers.registry(port);
        };
        var registry = new LocalRegistry(port, server);
        server.restart();
        registry.registerSchemas();
        return registry;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public RegistryConnection connection() {
        return RegistryConnection.at(url());
    }

    /** Ends it; connections are refused then. */
    @Override
    public void close() {
        server.close();
    }

    private void registerSchemas() {
        try {
            new SchemaRegistration(connection()).register();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
