package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.rsa.RsaProvider;
import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Converts fetched keys once for the implementation that verifies with them, so that it need not at each webhook. A key that
 * it cannot use is left out: the others of the set still verify.
 */
final class AdoptingKeySource implements KeySource {

    private static final Logger log = LoggerFactory.getLogger(AdoptingKeySource.class);

    private final KeySource source;
    private final RsaProvider rsa;

    AdoptingKeySource(KeySource source, RsaProvider rsa) {
        this.source = source;
        this.rsa = rsa;
    }

    @Override
    public FetchedKeys fetch() throws IOException, InterruptedException {
        var fetched = source.fetch();
        var adopted = new HashMap<String, RSAPublicKey>();
        fetched.keys().forEach((id, key) -> {
            try {
                adopted.put(id, rsa.adopt(key));
            } catch (IllegalArgumentException e) {
                log.atWarn()
                        .addKeyValue("keyId", id)
                        .addKeyValue("reason", e.getMessage())
                        .log("webhook key left out");
            }
        });
        if (adopted.isEmpty()) {
            throw new IOException("none of the fetched keys can be used by " + rsa.title());
        }
        return new FetchedKeys(adopted, fetched.freshFor());
    }
}
