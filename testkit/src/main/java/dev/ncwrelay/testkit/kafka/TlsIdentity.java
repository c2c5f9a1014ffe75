package dev.ncwrelay.testkit.kafka;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A key store with a self-signed certificate for 127.0.0.1. A server and its clients use the same one, and trust each
 * other by it.
 */
public record TlsIdentity(Path keyStore) {

    private static final String PASSWORD = "for-tests";

    /** Creates the key store in this folder. */
    public static TlsIdentity create(Path folder) {
        var keyStore = folder.resolve("identity.p12");
        run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "kafka",
                "-keyalg",
                "EC",
                "-dname",
                "CN=relay",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD));
        return new TlsIdentity(keyStore);
    }

    /** Kafka's settings, the same for a server and for a client. */
    Map<String, String> properties() {
        return Map.of(
                "ssl.keystore.location",
                keyStore.toString(),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.keystore.type",
                "PKCS12",
                "ssl.truststore.location",
                keyStore.toString(),
                "ssl.truststore.password",
                PASSWORD,
                "ssl.truststore.type",
                "PKCS12");
    }

    private static void run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + output);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot run keytool", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
