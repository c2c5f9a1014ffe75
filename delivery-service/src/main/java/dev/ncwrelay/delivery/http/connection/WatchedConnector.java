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
 * Accepts connections whose end is noticed while a request is held. When it closes, each connection that the kernel gave
 * it is served or closed: none is forgotten, whose client would wait for an answer in vain.
 */
final class WatchedConnector extends ServerConnector {

    private final Executor executor;

    /** Read: a connection is being taken; written: all were handed on. */
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
     * A connector in the place of another that was not started yet, with its address, protocols and times.
     *
     * @param executor runs what follows when a client has gone, which may block
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
     * Does nothing: an acceptor returns when the channel is closed, which was done before. The JDK forgets a connection,
     * and leaves it open, whose acceptor is interrupted when the kernel has just given it.
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
        // What an acceptor has in its hands must reach the selectors before they close what they have, and stop.
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
