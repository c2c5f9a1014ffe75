package dev.ncwrelay.http;

import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;

/**
 * HTTP/1.1 connections that one thread at a time reads and parses.
 *
 * <p>Jetty 12.1.14 answers an invalid head, for example one that is too long, on another thread. When that thread has answered, it
 * reads on, into the buffer that the first thread is about to return to the pool. The next connection then has a buffer with
 * bytes of this one: they become the beginning of its response, or of its request.
 */
final class SerialHttpConnectionFactory extends HttpConnectionFactory {

    SerialHttpConnectionFactory(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        var connection = new SerialConnection(getHttpConfiguration(), connector, endPoint);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }

    private static final class SerialConnection extends HttpConnection {

        private final ReentrantLock reading = new ReentrantLock();

        private SerialConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        /** A thread that continues after another waits for the end of this method only, never for a response. */
        @Override
        public void onFillable() {
            reading.lock();
            try {
                super.onFillable();
            } finally {
                reading.unlock();
            }
        }
    }
}
