package dev.ncwrelay.testkit.kafka;

import java.util.List;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.oauthbearer.JwtRetriever;

/** Gives a client a token that a test has already. */
// Created by Kafka, from sasl.oauthbearer.jwt.retriever.class.
public final class GivenToken implements JwtRetriever {

    static final String SETTING = "test.token";

    private String token = "";

    @Override
    public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaasConfigEntries) {
        token = String.valueOf(configs.get(SETTING));
    }

    @Override
    public String retrieve() {
        return token;
    }
}
