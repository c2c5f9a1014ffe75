package dev.ncwrelay.schemas.serde;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The registry's Confluent-compatible API, with the credentials and the trust store that the serdes are given. */
final class RegistryClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int OK = 200;

    private final String url;
    private final Optional<String> authorization;
    private final HttpClient http;

    /**
     * Creates it.
     *
     * @throws IOException when the trust store cannot be read
     */
    RegistryClient(RegistryConnection connection) throws IOException {
        url = connection.confluentUrl();
        authorization = connection
                .basicCredentials()
                .map(credentials -> "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
        var builder = HttpClient.newBuilder();
        var trustStore = connection.trustStore();
        if (trustStore.isPresent()) {
            builder.sslContext(trusting(trustStore.get()));
        }
        http = builder.build();
    }

    /**
     * Sends a request and expects the status 200.
     *
     * @throws IOException when the registry is unreachable or answers with another status
     */
    void send(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .method(method, BodyPublishers.ofString(body));
        authorization.ifPresent(value -> request.header("Authorization", value));
        var response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("the schema registry answered " + response.statusCode() + " to " + method + " " + path
                    + ": " + response.body());
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private static SSLContext trusting(RegistryConnection.TrustStore store) throws IOException {
        try {
            var password = store.password();
            var certificates =
                    KeyStore.getInstance(new File(store.location()), password == null ? null : password.toCharArray());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(certificates);
            var context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new IOException("cannot read the trust store " + store.location() + ": " + e.getMessage(), e);
        }
    }
}
