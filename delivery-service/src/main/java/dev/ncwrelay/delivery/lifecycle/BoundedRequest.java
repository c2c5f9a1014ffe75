package dev.ncwrelay.delivery.lifecycle;

import dev.ncwrelay.delivery.problem.HttpProblem;
import dev.ncwrelay.delivery.problem.Problem;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
    private final long began;
    private long read;

    BoundedRequest(HttpServletRequest request, ServiceSettings settings, BodyBudget budget, LongSupplier nanoTime) {
        super(request);
        this.settings = settings;
        this.budget = budget;
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
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
        long allowedMillis = settings.rateWindow().toMillis()
                + read * 1_000 / settings.minRate().toBytes();
        if (nanoTime.getAsLong() - began > TimeUnit.MILLISECONDS.toNanos(allowedMillis)) {
            throw new ErrorResponseException(
                    HttpStatus.REQUEST_TIMEOUT, HttpProblem.of(HttpStatus.REQUEST_TIMEOUT.value()), null);
        }
    }

    private final class Bounded extends ServletInputStream {

        private final ServletInputStream body;

        private Bounded(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int one = body.read();
            if (one >= 0) {
                count(1);
            }
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int some = body.read(into, offset, length);
            if (some > 0) {
                count(some);
            }
            return some;
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
