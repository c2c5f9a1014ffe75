package dev.ncwrelay.ingress.webhook;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Gives every error the one shape, those of the framework included. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    /** What nobody foresaw is a 5xx, so that Fireblocks sends it again; the cause is in the log, not in the answer. */
    @ExceptionHandler(RuntimeException.class)
    ResponseEntity<ProblemDetail> unforeseen(RuntimeException failure) {
        log.atError().setCause(failure).log("webhook failed");
        var status = HttpStatus.INTERNAL_SERVER_ERROR;
        return ResponseEntity.status(status)
                .body(Problem.body(
                        status, "internal", "Something went wrong here", "the log of this service says what"));
    }

    /** 408 rather than 400, since that is one of the two of its kind after which Fireblocks sends again. */
    @ExceptionHandler(IOException.class)
    ResponseEntity<ProblemDetail> cut(IOException failure) {
        log.atWarn().addKeyValue("reason", failure.toString()).log("request broke off");
        var status = HttpStatus.REQUEST_TIMEOUT;
        return ResponseEntity.status(status)
                .body(Problem.body(status, "incomplete", "The body broke off", "the whole body is expected"));
    }

    /** The framework's problems have no type of their own. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem && problem.getType() == null) {
            problem.setType(Problem.type("http-" + status.value()));
        }
        return super.createResponseEntity(body, headers, status, request);
    }
}
