package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.problem.HttpProblem;
import dev.ncwrelay.delivery.problem.Problem;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * A request whose body ends in an error where it grows too large, arrives too slowly, or finds no room beside the bodies
 * of others.
 */
final class BoundedRequest extends HttpServletRequestWrapper implements AutoCloseable {

    private final ServiceSettings settings;
    private final BodyBudget budget;
    private final LongSupplier nanoTime;
    private long windowBegan;
    private long readBefore;
    private long read;

    BoundedRequest(HttpServletRequest request, ServiceSettings settings, BodyBudget budget, LongSupplier nanoTime) {
        super(request);
        this.settings = settings;
        this.budget = budget;
        this.nanoTime = nanoTime;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        windowBegan = nanoTime.getAsLong();
        return new Bounded(super.getInputStream());
    }

    /** The body is not needed any more. */
    @Override
    public void close() {
        budget.release(read);
        read = 0;
    }

    static ErrorResponseException tooLarge(long maxBytes) {
        return Problem.of(
                HttpStatus.CONTENT_TOO_LARGE,
                "body-too-large",
                "The body is too large",
                "at most " + maxBytes + " bytes are expected",
                Map.of());
    }

    private void count(int more) {
        if (read + more > settings.maxBody().toBytes()) {
            throw tooLarge(settings.maxBody().toBytes());
        }
        if (!budget.reserve(read, more)) {
            throw Problem.unavailable("this node reads too many bodies");
        }
        read += more;
        requireRate();
    }

    private void requireRate() {
        long now = nanoTime.getAsLong();
        var window = settings.rateWindow();
        if (now - windowBegan < window.toNanos()) {
            return;
        }
        if ((read - readBefore) * 1_000 < settings.minRate().toBytes() * window.toMillis()) {
            throw tooSlow();
        }
        windowBegan = now;
        readBefore = read;
    }

    private static ErrorResponseException tooSlow() {
        return new ErrorResponseException(
                HttpStatus.REQUEST_TIMEOUT, HttpProblem.of(HttpStatus.REQUEST_TIMEOUT.value()), null);
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
                count(1);
            }
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int some = read(() -> body.read(into, offset, length));
            if (some > 0) {
                count(some);
            }
            return some;
        }

        private int read(Reading reading) throws IOException {
            try {
                return reading.read();
            } catch (IOException e) {
                if (e.getCause() instanceof TimeoutException) {
                    // The connection was idle for too long.
                    throw tooSlow();
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
