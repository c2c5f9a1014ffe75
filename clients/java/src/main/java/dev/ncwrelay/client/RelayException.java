package dev.ncwrelay.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Why the relay, or the way to it, refused or failed.
 *
 * <p>{@link #code} is stable. For a call that Fireblocks did not answer it is the relay's: {@code REFUSED},
 * {@code UNREACHABLE}, {@code AMBIGUOUS}, {@code UNKNOWN}, {@code EXPIRED} or {@code TIMED_OUT}. For other problems it is
 * the last part of the problem's type, such as {@code superseded}, {@code unauthorized}, {@code foreign-device} or
 * {@code position-gone}. The client's own are {@code timeout} (of a call), {@code closed}, {@code network},
 * {@code stalled}, {@code malformed}, {@code token} (the app's supplier failed, see the cause) and {@code http-<status>}
 * for an answer that is not the relay's.
 */
public final class RelayException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final int status;
    private final @Nullable String problem;
    private final @Nullable String reason;
    private final @Nullable String earliest;
    private final int upstreamStatus;
    private final @Nullable Duration retryAfter;

    /** An error of the client's own. */
    RelayException(String code, String message, @Nullable Throwable cause) {
        this(code, message, 0, null, null, cause);
    }

    RelayException(
            String code,
            String message,
            int status,
            @Nullable Problem problem,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.status = status;
        this.problem = problem == null ? null : problem.name();
        this.reason = problem == null ? null : problem.reason();
        this.earliest = problem == null ? null : problem.earliest();
        this.upstreamStatus = problem == null ? 0 : problem.upstreamStatus();
        this.retryAfter = retryAfter;
    }

    private RelayException(RelayException first) {
        super(first.getMessage(), first);
        this.code = first.code;
        this.status = first.status;
        this.problem = first.problem;
        this.reason = first.reason;
        this.earliest = first.earliest;
        this.upstreamStatus = first.upstreamStatus;
        this.retryAfter = first.retryAfter;
    }

    /** What went wrong; stable, whatever the message says. */
    public String code() {
        return code;
    }

    /** The HTTP status; on an event stream or WebSocket, that of the same problem over HTTP. */
    public OptionalInt status() {
        return status == 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** The last part of the problem's type, where the relay itself answered. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Of {@code position-gone}: the gap. */
    public Optional<Gap> gap() {
        return "position-gone".equals(problem)
                ? Optional.of(new Gap(reason == null ? "retention" : reason, earliest == null ? "earliest" : earliest))
                : Optional.empty();
    }

    /** Of {@code REFUSED}: the status with which Fireblocks rejected the call. */
    public OptionalInt upstreamStatus() {
        return upstreamStatus == 0 ? OptionalInt.empty() : OptionalInt.of(upstreamStatus);
    }

    /** How long the relay asks to wait before the next request. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** True when the same request may succeed later. */
    boolean isTransient() {
        return status == 0
                ? !code.equals("timeout") && !code.equals("closed")
                : status == 408 || status == 425 || status == 429 || status >= 500;
    }

    /** True when the way to the relay failed, and not the relay. */
    boolean isPathFault() {
        return problem == null && !code.equals("token");
    }

    /** The same for another thread, with the first one as its cause. */
    RelayException again() {
        return new RelayException(this);
    }

    static RelayException network(@Nullable Throwable cause) {
        return new RelayException("network", "the connection failed", cause);
    }

    static RelayException closed() {
        return new RelayException("closed", "the client or the stream was closed", null);
    }
}
