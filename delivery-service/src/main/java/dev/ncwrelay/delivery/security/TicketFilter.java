package dev.ncwrelay.delivery.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/** Accepts a ticket instead of a token, for streams and WebSockets only. */
final class TicketFilter extends OncePerRequestFilter {

    private static final RequestMatcher OPENING =
            PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, "/v1/devices/{deviceId}/{edge:stream|ws}");

    private final Tickets tickets;
    private final ProblemResponder responder;

    TicketFilter(Tickets tickets, ProblemResponder responder) {
        this.tickets = tickets;
        this.responder = responder;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var opening = OPENING.matcher(request);
        // On these paths only: elsewhere, reading a parameter could consume the body.
        var ticket = opening.isMatch() ? request.getParameter("ticket") : null;
        if (ticket == null || request.getHeader(HttpHeaders.AUTHORIZATION) != null) {
            chain.doFilter(request, response);
            return;
        }
        var holder =
                tickets.redeem(Objects.requireNonNull(opening.getVariables().get("deviceId")), ticket);
        if (holder.isEmpty()) {
            responder.refuseTicket(request, response);
            return;
        }
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(holder.get());
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }
}
