package dev.ncwrelay.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that the relay refuses, with its problem. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String problem;
    private final transient Map<String, Object> members;
    private final @Nullable Integer retryAfter;

    Refusal(int status, String problem) {
        this(status, problem, Map.of(), null);
    }

    Refusal(int status, String problem, Map<String, Object> members, @Nullable Integer retryAfter) {
        super(problem);
        this.status = status;
        this.problem = problem;
        this.members = members;
        this.retryAfter = retryAfter;
    }

    static Refusal gone(String reason, String earliest) {
        return new Refusal(410, "position-gone", Map.of("reason", reason, "earliest", earliest), null);
    }

    int status() {
        return status;
    }

    String type() {
        return "urn:ncw-relay:problem:" + problem;
    }

    Map<String, Object> members() {
        return members;
    }

    @Nullable
    Integer retryAfter() {
        return retryAfter;
    }
}
