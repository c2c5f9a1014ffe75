package dev.ncwrelay.delivery.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/** Shortens the idle timeout of a connection while a body is read, but not while the request is held. */
final class IdleTimeout implements AutoCloseable {

    private final EndPoint endPoint;
    private final long before;

    private IdleTimeout(EndPoint endPoint, long before) {
        this.endPoint = endPoint;
        this.before = before;
    }

    /** Sets the timeout; a read that is idle for that long fails. */
    static IdleTimeout of(HttpServletRequest request, Duration timeout) {
        var endPoint = ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint();
        var idleTimeout = new IdleTimeout(endPoint, endPoint.getIdleTimeout());
        endPoint.setIdleTimeout(timeout.toMillis());
        return idleTimeout;
    }

    /** Restores the previous timeout. */
    @Override
    public void close() {
        endPoint.setIdleTimeout(before);
    }
}
