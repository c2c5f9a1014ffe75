package dev.ncwrelay.delivery.security;

import dev.ncwrelay.delivery.problem.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;

/** Which tenant a token that registers devices is bound to. */
public final class TenantBinding {

    private final @Nullable String claim;

    TenantBinding(@Nullable String claim) {
        this.claim = claim;
    }

    /**
     * The tenant the caller may register for; empty when any.
     *
     * @throws org.springframework.web.ErrorResponseException 403 when tokens are bound and this one names no tenant
     */
    public Optional<String> of(Authentication caller) {
        if (claim == null) {
            return Optional.empty();
        }
        // A claim that is missing by mistake must not open every tenant.
        var tenant = caller.getCredentials() instanceof Jwt token
                        && token.getClaims().get(claim) instanceof String text
                ? text
                : "";
        if (tenant.isBlank()) {
            throw Problem.foreignTenant("the token is expected to name its tenant in the claim " + claim);
        }
        return Optional.of(tenant);
    }
}
