package dev.ncwrelay.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.ncwrelay.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** At a registry with TLS and a password. */
class SchemaRegistrationTest {

    private static final String PASSWORD = "password";

    private final List<String> requests = new CopyOnWriteArrayList<>();

    @TempDir
    private static Path folder;

    private HttpsServer registry;

    @BeforeEach
    void start() throws Exception {
        registry = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
        registry.createContext("/", this::answer).setAuthenticator(new BasicAuthenticator("registry") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return user.equals("relay") && password.equals("a:b");
            }
        });
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    @Test
    void schemas_areRegistered_withApicuriosSettings() throws Exception {
        register(Map.of(
                "apicurio.registry.auth.username",
                "relay",
                "apicurio.registry.auth.password",
                "a:b",
                "apicurio.registry.tls.truststore.location",
                keyStore(),
                "apicurio.registry.tls.truststore.password",
                PASSWORD));

        for (var topic : Topics.all()) {
            assertThat(requests)
                    .contains(
                            "POST /apis/ccompat/v7/subjects/" + topic.subject() + "/versions",
                            "PUT /apis/ccompat/v7/config/" + topic.subject());
        }
    }

    @Test
    void schemas_areRegistered_withConfluentsSettings() throws Exception {
        register(Map.of(
                "basic.auth.user.info",
                "relay:a:b",
                "schema.registry.ssl.truststore.location",
                keyStore(),
                "schema.registry.ssl.truststore.password",
                PASSWORD));

        assertThat(requests).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"relay:wrong", ""})
    void wrongPassword_isReported_withoutIt(String credentials) {
        assertThatThrownBy(() -> register(Map.of(
                        "basic.auth.user.info", credentials,
                        "schema.registry.ssl.truststore.location", keyStore(),
                        "schema.registry.ssl.truststore.password", PASSWORD)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("answered 401 to POST")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void registryOfAnUnknownCertificate_isRefused() {
        assertThatThrownBy(() -> register(Map.of("basic.auth.user.info", "relay:a:b")))
                .isInstanceOf(SSLException.class);
        assertThat(requests).isEmpty();
    }

    @Test
    void missingTrustStore_isNamed() {
        assertThatThrownBy(() -> register(Map.of("schema.registry.ssl.truststore.location", "/missing.p12")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot read the trust store /missing.p12: ");
    }

    private void register(Map<String, String> properties) throws IOException, InterruptedException {
        var url = URI.create("https://localhost:" + registry.getAddress().getPort());
        new SchemaRegistration(RegistryConnection.at(url, properties)).register();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static SSLContext serverContext() throws Exception {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(Path.of(keyStore()).toFile(), PASSWORD.toCharArray()), PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /** The registry's key and certificate, made once. */
    private static synchronized String keyStore() throws IOException, InterruptedException {
        var file = folder.resolve("registry.p12");
        if (!file.toFile().exists()) {
            var keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "registry",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=dns:localhost",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .inheritIO()
                    .start();
            assertThat(keytool.waitFor()).isZero();
        }
        return file.toString();
    }
}
