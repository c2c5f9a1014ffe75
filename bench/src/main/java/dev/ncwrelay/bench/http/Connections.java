package dev.ncwrelay.bench.http;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections to one server: as many as there are requests at once, the last used one first. */
public final class Connections implements AutoCloseable {

    /** Sooner than any of the services closes an idle one, so that no request meets the closing. */
    private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int port;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    public Connections(int port) {
        this.port = port;
    }

    public Answer send(Request request) throws IOException {
        var connection = take();
        try {
            var answer = connection.send(request);
            if (connection.isClosing()) {
                connection.close();
            } else {
                idle.push(connection);
            }
            return answer;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void close() {
        idle.forEach(Connection::close);
    }

    private Connection take() throws IOException {
        @Nullable Connection connection = idle.poll();
        while (connection != null && connection.idleNanos() > MAX_IDLE_NANOS) {
            connection.close();
            connection = idle.poll();
        }
        return connection == null ? Connection.open(port) : connection;
    }
}
