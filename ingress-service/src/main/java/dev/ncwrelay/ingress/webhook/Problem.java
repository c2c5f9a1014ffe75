package dev.ncwrelay.ingress.webhook;

import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** Errors as callers see them: problem+json (RFC 9457) with a type that does not change with its words. */
final class Problem {

    private static final String TYPE = "urn:ncw-relay:problem:";

    private Problem() {}

    static ErrorResponseException of(HttpStatus status, String name, String title, String detail) {
        return new ErrorResponseException(status, body(status, name, title, detail), null);
    }

    /** 503: the same request is good again soon. */
    static ErrorResponseException retry(String name, String title, String detail) {
        var problem = of(HttpStatus.SERVICE_UNAVAILABLE, name, title, detail);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return problem;
    }

    static ProblemDetail body(HttpStatus status, String name, String title, String detail) {
        var body = ProblemDetail.forStatusAndDetail(status, detail);
        body.setType(type(name));
        body.setTitle(title);
        return body;
    }

    static URI type(String name) {
        return URI.create(TYPE + name);
    }
}
