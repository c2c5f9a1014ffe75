package dev.ncwrelay.delivery.presence;

import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/** Accepts connections whose end is noticed while a request is held. */
public final class PresenceConnector extends ServerConnector {

    private final Executor executor;

    private PresenceConnector(ServerConnector model, Executor executor) {
        super(
                model.getServer(),
                null,
                null,
                null,
                model.getAcceptors(),
                model.getSelectorManager().getSelectorCount(),
                model.getConnectionFactories().toArray(ConnectionFactory[]::new));
        this.executor = executor;
    }

    /**
     * A connector in the place of another that was not started yet, with its address, protocols and times.
     *
     * @param executor runs what follows when a client has gone, which may block
     */
    public static PresenceConnector like(ServerConnector model, Executor executor) {
        var connector = new PresenceConnector(model, executor);
        connector.setHost(model.getHost());
        connector.setPort(model.getPort());
        connector.setIdleTimeout(model.getIdleTimeout());
        connector.setShutdownIdleTimeout(model.getShutdownIdleTimeout());
        connector.setDefaultProtocol(model.getDefaultProtocol());
        return connector;
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        var endPoint = new PresenceEndPoint(channel, selector, key, getScheduler(), executor);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }
}
