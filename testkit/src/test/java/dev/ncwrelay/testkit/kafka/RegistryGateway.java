package dev.ncwrelay.testkit.kafka;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A registry behind TLS that asks for a user and a password, as enterprises have it. */
final class RegistryGateway implements AutoCloseable {

    private final HttpsServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI registry;

    private RegistryGateway(HttpsServer server, URI registry) {
        this.server = server;
        this.registry = registry;
    }

    static RegistryGateway start(URI registry, TlsIdentity identity, String user, String password) {
        try {
            var server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context(identity)));
            var gateway = new RegistryGateway(server, registry);
            server.createContext("/", gateway::forward).setAuthenticator(new BasicAuthenticator("registry") {
                @Override
                public boolean checkCredentials(String givenUser, String givenPassword) {
                    return givenUser.equals(user) && givenPassword.equals(password);
                }
            });
            server.start();
            return gateway;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The password of the key store, which is the trust store of its clients too. */
    static String passwordOf(TlsIdentity identity) {
        return Objects.requireNonNull(identity.properties().get("ssl.keystore.password"));
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }

    private void forward(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = HttpRequest.newBuilder(registry.resolve(exchange.getRequestURI()))
                    .method(
                            exchange.getRequestMethod(),
                            BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
                    .header("Accept", exchange.getRequestHeaders().getFirst("Accept"))
                    .build();
            var response = client.send(request, BodyHandlers.ofByteArray());
            response.headers()
                    .firstValue("Content-Type")
                    .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
            response.headers().map().forEach((name, values) -> {
                if (name.startsWith("x-registry")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(response.statusCode(), response.body().length);
            exchange.getResponseBody().write(response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static SSLContext context(TlsIdentity identity) throws IOException {
        try (var file = Files.newInputStream(identity.keyStore())) {
            var password = passwordOf(identity).toCharArray();
            var store = KeyStore.getInstance("PKCS12");
            store.load(file, password);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
