package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.delivery.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/** Writes the problem for requests rejected by Spring Security. */
final class ProblemResponder implements AuthenticationEntryPoint, AuthenticationFailureHandler, AccessDeniedHandler {

    /** The challenge of RFC 6750 section 3.1. */
    static final String INVALID_TOKEN = "Bearer error=\"invalid_token\"";

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        if (failure instanceof AuthenticationServiceException) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            write(
                    request,
                    response,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "keys-unavailable",
                    "Token validation temporarily unavailable",
                    "the issuer's keys cannot be fetched; retry later");
            return;
        }
        // RFC 6750 section 3.1: without a token the challenge has no error code.
        var challenge = failure instanceof OAuth2AuthenticationException ? INVALID_TOKEN : "Bearer";
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
        ProblemWriter.write(request, response, Problem.unauthorized().getBody());
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        commence(request, response, failure);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        write(
                request,
                response,
                HttpStatus.FORBIDDEN,
                "insufficient-scope",
                "Insufficient scope",
                "registering devices needs the scope devices:write");
    }

    /** The ticket in the query is not valid. */
    void refuseTicket(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        write(
                request,
                response,
                HttpStatus.UNAUTHORIZED,
                "bad-ticket",
                "Invalid or missing ticket",
                "the ticket must have been issued for this device at most 30 seconds ago and must not have been used;"
                        + " get a new one with POST /v1/devices/{deviceId}/tickets");
    }

    /** The page's origin, method or headers are not allowed. */
    void refuseOrigin(HttpServletRequest request, HttpServletResponse response) throws IOException {
        write(
                request,
                response,
                HttpStatus.FORBIDDEN,
                "foreign-origin",
                "Origin not allowed",
                "an origin of relay.delivery.auth.allowed-origins, and a method and headers of the API, are expected");
    }

    /** The path or a header is rejected by Spring Security's firewall. */
    void refusePath(HttpServletRequest request, HttpServletResponse response) throws IOException {
        write(
                request,
                response,
                HttpStatus.BAD_REQUEST,
                "bad-request",
                "Invalid request",
                "a path without ; // and encoded separators, and headers of visible characters, are expected");
    }

    private static void write(
            HttpServletRequest request,
            HttpServletResponse response,
            HttpStatus status,
            String name,
            String title,
            String detail)
            throws IOException {
        ProblemWriter.write(request, response, Problem.body(status, name, title, detail, Map.of()));
    }
}
