package dev.ncwrelay.kafka.principal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SaslAuthenticationContext;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerToken;

/**
 * For a broker's listener on which end users log in: the principal of a user is {@code Client:<sub>}. Kafka's own builder
 * makes it {@code User:<sub>}, and a user with the name of a service would have the service's rights.
 *
 * <p>The subject is taken as it is in the token. Kafka removes blanks around it, with which one user would become another.
 */
// Created by Kafka, from principal.builder.class.
public final class ClientPrincipalBuilder extends DefaultKafkaPrincipalBuilder {

    private static final String TYPE = "Client";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How {@code OAuthBearerSaslServer} gives the token that it has checked. */
    private static final String TOKEN = "OAUTHBEARER.token";

    public ClientPrincipalBuilder() {
        super(null, null);
    }

    @Override
    public KafkaPrincipal build(AuthenticationContext context) {
        var name = super.build(context).getName();
        return new KafkaPrincipal(TYPE, subject(context).orElse(name));
    }

    /** Of the token, whose signature the listener has checked; empty when the client has not logged in with a token. */
    private static Optional<String> subject(AuthenticationContext context) {
        if (context instanceof SaslAuthenticationContext sasl
                && sasl.server().getNegotiatedProperty(TOKEN) instanceof OAuthBearerToken token) {
            try {
                var claims = Base64.getUrlDecoder().decode(token.value().split("\\.", -1)[1]);
                return Optional.of(JSON.readTree(claims).required("sub").asText());
            } catch (IOException e) {
                throw new IllegalArgumentException("the claims of a token that was accepted are not JSON", e);
            }
        }
        return Optional.empty();
    }
}
