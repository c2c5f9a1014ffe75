package dev.ncwrelay.delivery.problem;

import dev.ncwrelay.delivery.failure.FailureException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import org.eclipse.jetty.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns every error into a problem, those of the framework included. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ErrorResponseException problem) {
                return answer(request, problem.getBody(), problem.getHeaders());
            }
            if (cause instanceof FailureException refused) {
                return failed(refused, request);
            }
        }
        return answer(
                request,
                Problem.badRequest("a JSON object with the members of this request, and no others, is expected")
                        .getBody(),
                headers);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException failure, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var name = failure instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : failure.getPropertyName();
        var type = failure.getRequiredType();
        var expected = type == null || type.equals(String.class)
                ? "another value"
                : type.getSimpleName().toLowerCase(Locale.ROOT).startsWith("int")
                                || type.getSimpleName().equalsIgnoreCase("long")
                        ? "an integer"
                        : "a number";
        return answer(request, Problem.badRequest(name + " must be " + expected).getBody(), headers);
    }

    @ExceptionHandler(FailureException.class)
    @Nullable
    ResponseEntity<Object> failed(FailureException refused, WebRequest request) {
        var problem = ProblemMapper.of(refused.failure());
        return answer(request, problem.getBody(), problem.getHeaders());
    }

    /** A value that Spring Security's firewall rejects when it is read: a header with control characters. */
    @ExceptionHandler(RequestRejectedException.class)
    @Nullable
    ResponseEntity<Object> rejected(RequestRejectedException failure, WebRequest request) {
        return answer(
                request,
                Problem.badRequest("headers and parameters without control characters are expected")
                        .getBody(),
                HttpHeaders.EMPTY);
    }

    /** An unexpected exception; the cause is logged and not sent. */
    @ExceptionHandler(RuntimeException.class)
    @Nullable
    ResponseEntity<Object> unexpected(RuntimeException failure, WebRequest request) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException malformed) {
                // Jetty parses some parts of a request only when they are read.
                return answer(request, HttpStatusProblems.of(malformed.getCode()), HttpHeaders.EMPTY);
            }
        }
        log.atError().setCause(failure).log("request failed");
        return answer(request, HttpStatusProblems.of(HttpStatus.INTERNAL_SERVER_ERROR.value()), HttpHeaders.EMPTY);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception failure, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (failure instanceof ErrorResponseException ours && ours.getBody().getType() != null) {
            return answer(request, ours.getBody(), headers);
        }
        return answer(request, HttpStatusProblems.of(status.value()), headers);
    }

    /** Written here, because the content negotiation of the framework may find no acceptable type. */
    private static @Nullable ResponseEntity<Object> answer(
            WebRequest request, ProblemDetail problem, HttpHeaders headers) {
        var web = (ServletWebRequest) request;
        HttpServletRequest asked = web.getRequest();
        HttpServletResponse response = Objects.requireNonNull(web.getResponse());
        try {
            if (!response.isCommitted()) {
                ProblemWriter.setHeaders(response, headers);
                ProblemWriter.write(asked, response, problem);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the client closed the connection", e);
        }
        return null;
    }
}
