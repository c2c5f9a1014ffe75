package dev.ncwrelay.ingress.webhook;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
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
}
