package dev.ncwrelay.testkit.http;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP/1.1 server, on 127.0.0.1 unless another address is chosen. Routes run on virtual threads and may block; an answer that is held or not known
 * yet occupies no thread.
 */
public final class LocalServer implements AutoCloseable {
    /** A burst of connections waits here instead of being dropped unseen; Jetty's default is 50. */
    private static final int ACCEPT_QUEUE = 4096;

    /** Longer than any hold that makes sense; only forgotten connections end by it. */
    private static final Duration IDLE = Duration.ofMinutes(15);

    private static final String LOOPBACK = "127.0.0.1";

    private final Server server;
    private final ServerConnector connector;
    private final Interruptions interruptions;
    private final Delay delay;

    private LocalServer(Server server, ServerConnector connector, Interruptions interruptions, Delay delay) {
        this.server = server;
        this.connector = connector;
        this.interruptions = interruptions;
        this.delay = delay;
    }

    /**
     * Binds a port, so that the address is known; connections wait until {@link #serve}.
     *
     * @param port 0 for any free one
     * @throws IllegalStateException if the port is in use
     */
    public static LocalServer bind(int port, Interruptions interruptions, Delay delay) {
        return bind(LOOPBACK, port, interruptions, delay);
    }

    /**
     * The same on another address of this machine.
     *
     * @throws IllegalStateException if the port is in use
     */
    public static LocalServer bind(String address, int port, Interruptions interruptions, Delay delay) {
        var threads = new QueuedThreadPool();
        threads.setName("local-server");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        var server = new Server(threads);
        var configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // Routes match the raw path, so an encoded slash or dot is just a character of an id.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        var connector = new InterruptibleConnector(server, new HttpConnectionFactory(configuration), interruptions);
        connector.setHost(address);
        connector.setPort(port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            throw new IllegalStateException("cannot listen on " + address + ":" + port, e);
        }
        return new LocalServer(server, connector, interruptions, delay);
    }

    /**
     * Starts answering.
     *
     * @param otherwise answers what no route matches
     */
    public void serve(List<Route> routes, Function<Received, Answer> otherwise) {
        server.setHandler(new Routing(routes, otherwise, interruptions, delay));
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not start", e);
        }
    }

    /** {@code http://127.0.0.1:port}, without a slash at the end. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    /** Stops at once; requests that are under way end without an answer. */
    @Override
    public void close() {
        try {
            server.stop();
            // A server that was never started does not close its port.
            connector.close();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }

    private static final class InterruptibleConnector extends ServerConnector {
        private final Interruptions interruptions;

        InterruptibleConnector(Server server, HttpConnectionFactory http, Interruptions interruptions) {
            super(server, 1, 1, http);
            this.interruptions = interruptions;
        }

        @Override
        protected void configure(Socket socket) {
            super.configure(socket);
            interruptions.connection().ifPresent(abort -> Wire.end(socket.getChannel(), abort));
        }
    }
}
