package dev.ncwrelay.delivery.http.connection;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Accepts connections whose disconnect is detected while a request is held. Closing it serves or closes every accepted
 * connection, so no client is left without a response.
 */
final class WatchedConnector extends ServerConnector {

    private final Executor executor;

    /** Read lock: a connection is being accepted. Write lock: all accepted ones were handed to the selectors. */
    private final ReadWriteLock acceptLock = new ReentrantReadWriteLock();

    private WatchedConnector(ServerConnector model, Executor executor) {
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
     * Replaces a connector that was not started yet, with its address, protocols and timeouts.
     *
     * @param executor runs disconnect callbacks, which may block
     */
    static WatchedConnector like(ServerConnector model, Executor executor) {
        var connector = new WatchedConnector(model, executor);
        connector.setHost(model.getHost());
        connector.setPort(model.getPort());
        connector.setIdleTimeout(model.getIdleTimeout());
        connector.setShutdownIdleTimeout(model.getShutdownIdleTimeout());
        connector.setDefaultProtocol(model.getDefaultProtocol());
        return connector;
    }

    @Override
    public void accept(int acceptor) throws IOException {
        acceptLock.readLock().lock();
        try {
            super.accept(acceptor);
        } finally {
            acceptLock.readLock().unlock();
        }
    }

    /**
     * Does nothing: an acceptor returns when the channel is closed, which was done before. If it is interrupted right
     * after the kernel accepted a connection, the JDK loses that connection and leaves it open.
     */
    @Override
    protected void interruptAcceptors() {}

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return isOpen() && super.handleAcceptFailure(failure);
    }

    @Override
    protected void doStop() throws Exception {
        close();
        // A connection being accepted must reach the selectors before they close and stop.
        acceptLock.writeLock().lock();
        try {
            super.doStop();
        } finally {
            acceptLock.writeLock().unlock();
        }
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key) {
        var endPoint = new WatchedEndPoint(channel, selector, key, getScheduler(), executor);
        endPoint.setIdleTimeout(getIdleTimeout());
        return endPoint;
    }
}
