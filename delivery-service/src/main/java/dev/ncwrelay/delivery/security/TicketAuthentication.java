package dev.ncwrelay.delivery.security;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller with a ticket: the user it was issued to, until that user's token expires, without scopes. */
final class TicketAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1;

    private final String userId;
    private final Instant until;

    TicketAuthentication(String userId, Instant until) {
        super(List.of());
        this.userId = userId;
        this.until = until;
        setAuthenticated(true);
    }

    Instant until() {
        return until;
    }

    @Override
    public Object getPrincipal() {
        return userId;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof TicketAuthentication holder && until.equals(holder.until);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), until);
    }
}
