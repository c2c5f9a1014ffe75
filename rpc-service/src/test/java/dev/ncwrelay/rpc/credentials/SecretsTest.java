package dev.ncwrelay.rpc.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecretsTest {

    @Test
    void toString_omitsSecrets() {
        var apiKey = ApiKey.of("the-api-key");
        var privateKey = PrivateKeyPem.of(TestKeys.read("pkcs8.pem"));
        var settings = new FireblocksSettings(Region.US, null, apiKey, null, privateKey, null, Duration.ofSeconds(30));
        var credentials = Credentials.of("relay.rpc.fireblocks", settings.defaultUser());

        assertThat(apiKey.toString()).isEqualTo("ApiKey[***]");
        assertThat(privateKey.toString()).isEqualTo("PrivateKeyPem[***]");
        assertThat(credentials.toString()).isEqualTo("Credentials[***]");
        assertThat(settings.toString()).doesNotContain("the-api-key", "BEGIN", "MII");
        assertThat(settings.defaultUser().toString()).doesNotContain("the-api-key", "BEGIN", "MII");
    }

    @Test
    void privateKeyPem_acceptsEscapedLineBreaks() {
        var escaped = TestKeys.read("pkcs8.pem").replace("\n", "\\n");

        assertThat(RsaPem.parse(PrivateKeyPem.of(escaped).reveal())).isInstanceOf(RsaPem.Parsed.Key.class);
    }
}
