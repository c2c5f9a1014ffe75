package dev.ncwrelay.delivery.http;

import dev.ncwrelay.delivery.failure.Failure;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** A request whose body fails when it is too large, arrives too slowly, or exceeds the memory for bodies. */
final class BoundedRequest extends HttpServletRequestWrapper implements AutoCloseable {

    private final BodyMeter meter;

    BoundedRequest(HttpServletRequest request, BodyMeter meter) {
        super(request);
        this.meter = meter;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        // The time until here is not the client's.
        meter.begin();
        return new Bounded(super.getInputStream());
    }

    /** Releases the bytes of the body. */
    @Override
    public void close() {
        meter.close();
    }

    @FunctionalInterface
    private interface Reading {
        int read() throws IOException;
    }

    private final class Bounded extends ServletInputStream {

        private final ServletInputStream body;

        private Bounded(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int one = read(body::read);
            if (one >= 0) {
                meter.count(1);
            }
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int some = read(() -> body.read(into, offset, length));
            if (some > 0) {
                meter.count(some);
            }
            return some;
        }

        private int read(Reading reading) throws IOException {
            try {
                return reading.read();
            } catch (IOException e) {
                if (e.getCause() instanceof TimeoutException) {
                    // The connection was idle for too long.
                    throw new Failure.BodyTooSlow().exception();
                }
                throw e;
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
