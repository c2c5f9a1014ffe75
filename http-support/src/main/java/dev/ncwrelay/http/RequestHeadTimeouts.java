package dev.ncwrelay.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that wait too long for the head of a request. Jetty's idle timeout restarts with each byte:
 * clients that send one byte now and then could hold all connections and lock others out. Requests in progress and connections
 * upgraded to WebSocket are not affected.
 */
final class RequestHeadTimeouts extends AbstractLifeCycle implements Connection.Listener, HttpConfiguration.Customizer {

    private static final long PERIOD_MILLIS = 500;

    private final ServerConnector connector;
    private final HeadLimits limits;
    private final LongSupplier nanoTime;
    private final MeterRegistry metrics;
    private final Map<Connection, AwaitedHead> heads = new ConcurrentHashMap<>();
    private volatile Scheduler.@Nullable Task next;

    private RequestHeadTimeouts(
            ServerConnector connector, HeadLimits limits, LongSupplier nanoTime, MeterRegistry metrics) {
        this.connector = connector;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.metrics = metrics;
    }

    /**
     * Adds the timeouts to a connector that is not started yet. Closed connections are counted in
     * {@code relay.http.connections.closed} with the reason {@code head}, {@code idle} or {@code full}.
     *
     * @param nanoTime the time, as of {@link System#nanoTime}
     */
    static void addTo(ServerConnector connector, HeadLimits limits, LongSupplier nanoTime, MeterRegistry metrics) {
        var timeouts = new RequestHeadTimeouts(connector, limits, nanoTime, metrics);
        connector.addBean(timeouts);
        Connectors.http(connector).forEach(http -> http.addCustomizer(timeouts));
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) {
            heads.put(connection, new AwaitedHead(nanoTime.getAsLong()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        heads.remove(connection);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        var connection = request.getConnectionMetaData().getConnection();
        var head = heads.get(connection);
        if (head != null) {
            head.arrived();
            request.addHttpStreamWrapper(stream -> new Answering(stream, () -> awaitNext(connection, head)));
        }
        return request;
    }

    @Override
    protected void doStart() {
        schedule();
    }

    @Override
    protected void doStop() {
        var task = next;
        if (task != null) {
            task.cancel();
        }
    }

    private void schedule() {
        next = connector.getScheduler().schedule(this::closeOverdue, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void closeOverdue() {
        try {
            long now = nanoTime.getAsLong();
            boolean full = isFull();
            heads.forEach((connection, head) -> head.check(now, connection.getBytesIn(), limits, full)
                    .ifPresent(reason -> close(connection, reason)));
        } finally {
            if (isRunning()) {
                schedule();
            }
        }
    }

    private boolean isFull() {
        var limit = connector.getServer().getBean(NetworkConnectionLimit.class);
        return limit != null && limit.getNetworkConnectionCount() >= limit.getMaxNetworkConnectionCount();
    }

    private void close(Connection connection, Overdue reason) {
        metrics.counter("relay.http.connections.closed", "reason", reason.name().toLowerCase(Locale.ROOT))
                .increment();
        connection.getEndPoint().close();
    }

    private void awaitNext(Connection connection, AwaitedHead head) {
        head.await(nanoTime.getAsLong(), connection.getBytesIn());
    }

    /** Runs an action when the response is complete, before the next request can begin. */
    private static final class Answering extends HttpStream.Wrapper {

        private final Runnable answered;

        private Answering(HttpStream wrapped, Runnable answered) {
            super(wrapped);
            this.answered = answered;
        }

        @Override
        public void succeeded() {
            answered.run();
            super.succeeded();
        }

        @Override
        public void failed(Throwable cause) {
            answered.run();
            super.failed(cause);
        }
    }
}
