package dev.ncwrelay.kafka.principal;

import org.apache.kafka.common.security.auth.AuthenticationContext;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder;

/**
 * For a broker's listener on which end users log in: the principal of a user is {@code Client:<name>}. Kafka's own builder
 * makes it {@code User:<name>}, and a user with the name of a service would have the service's rights.
 */
// Created by Kafka, from principal.builder.class.
public final class ClientPrincipalBuilder extends DefaultKafkaPrincipalBuilder {

    private static final String TYPE = "Client";

    public ClientPrincipalBuilder() {
        super(null, null);
    }

    @Override
    public KafkaPrincipal build(AuthenticationContext context) {
        return new KafkaPrincipal(TYPE, super.build(context).getName());
    }
}
