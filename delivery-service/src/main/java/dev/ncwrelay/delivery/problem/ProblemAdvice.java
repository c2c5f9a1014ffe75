package dev.ncwrelay.delivery.problem;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Gives every error the one shape, those of the framework included. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrorResponseException problem) {
                return handleExceptionInternal(
                        problem, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
            }
        }
        var problem = Problem.badRequest("a JSON object with the members of this request, and no others, is expected");
        return handleExceptionInternal(failure, problem.getBody(), headers, status, request);
    }

    /** What nobody foresaw: the cause is in the log, not in the answer. */
    @ExceptionHandler(RuntimeException.class)
    ResponseEntity<Object> unforeseen(RuntimeException failure) {
        log.atError().setCause(failure).log("request failed");
        var status = HttpStatus.INTERNAL_SERVER_ERROR;
        return ResponseEntity.status(status)
                .body(Problem.body(
                        status,
                        "internal",
                        "Something went wrong here",
                        "the log of this service says what",
                        Map.of()));
    }

    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem && problem.getType() == null) {
            problem.setType(java.net.URI.create("urn:ncw-relay:problem:http-" + status.value()));
        }
        // Those of an exception may be read-only.
        var all = HttpHeaders.copyOf(headers);
        all.setCacheControl("no-store");
        return super.createResponseEntity(body, all, status, request);
    }
}
