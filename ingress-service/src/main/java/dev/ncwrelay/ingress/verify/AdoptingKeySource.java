package dev.ncwrelay.ingress.verify;

import dev.ncwrelay.rsa.RsaProvider;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/** Converts fetched keys once for the implementation that verifies with them, so that it need not at each webhook. */
final class AdoptingKeySource implements KeySource {

    private final KeySource source;
    private final RsaProvider rsa;

    AdoptingKeySource(KeySource source, RsaProvider rsa) {
        this.source = source;
        this.rsa = rsa;
    }

    @Override
    public FetchedKeys fetch() throws IOException, InterruptedException {
        var fetched = source.fetch();
        return new FetchedKeys(
                fetched.keys().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, key -> rsa.adopt(key.getValue()))),
                fetched.freshFor());
    }
}
