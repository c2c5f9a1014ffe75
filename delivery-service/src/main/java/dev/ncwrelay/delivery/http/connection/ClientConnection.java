package dev.ncwrelay.delivery.http.connection;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;

/**
 * Detects whether the client of a held request has disconnected. A half-closed connection counts as disconnected,
 * because the two cannot be distinguished.
 */
public final class ClientConnection {

    private final WatchedEndPoint endPoint;

    private ClientConnection(WatchedEndPoint endPoint) {
        this.endPoint = endPoint;
    }

    /**
     * Watches the connection from now on until the response is complete. To be called on the request's own thread.
     *
     * @param gone run once when the client closes the connection before that, on a thread that may block
     * @return empty when the connection is not of a {@link WatchedConnector}
     */
    public static Optional<ClientConnection> watch(HttpServletRequest request, Runnable gone) {
        var context = ServletContextRequest.getServletContextRequest(request);
        if (context == null
                || !(socketOf(context.getConnectionMetaData().getConnection().getEndPoint())
                        instanceof WatchedEndPoint endPoint)) {
            return Optional.empty();
        }
        context.addHttpStreamWrapper(stream -> new Unwatching(stream, endPoint));
        endPoint.watch(gone);
        return Optional.of(new ClientConnection(endPoint));
    }

    /** True when the client has closed the connection; checks the socket. */
    public boolean isGone() {
        return endPoint.isGone();
    }

    /** Closes the connection at once, also during a write. */
    public void cut() {
        endPoint.close();
    }

    private static EndPoint socketOf(EndPoint endPoint) {
        return endPoint instanceof EndPoint.Wrapper wrapper ? socketOf(wrapper.unwrap()) : endPoint;
    }

    /** Stops watching before Jetty reads the next request. */
    private static final class Unwatching extends HttpStream.Wrapper {

        private final WatchedEndPoint endPoint;

        private Unwatching(HttpStream wrapped, WatchedEndPoint endPoint) {
            super(wrapped);
            this.endPoint = endPoint;
        }

        @Override
        public void succeeded() {
            endPoint.unwatch();
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            endPoint.unwatch();
            super.failed(cause);
        }
    }
}
