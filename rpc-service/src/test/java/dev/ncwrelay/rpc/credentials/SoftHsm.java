package dev.ncwrelay.rpc.credentials;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * A token of SoftHSM, a hardware security module without hardware. The build tells its library by the environment variable
 * {@code SOFTHSM2_CONF} where tokens are kept.
 */
final class SoftHsm {

    static final String PIN = "1234";

    private static final String REQUIRED = "RELAY_SOFTHSM_REQUIRED";
    private static final List<String> LIBRARIES =
            List.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so");

    private final Path config;

    private SoftHsm(Path config) {
        this.config = config;
    }

    /** A new token; skips the test where SoftHSM is not installed, unless the environment says that it must be. */
    static SoftHsm inNewToken(Path folder) {
        var library = LIBRARIES.stream().map(Path::of).filter(Files::exists).findFirst();
        if (library.isEmpty() && "1".equals(System.getenv(REQUIRED))) {
            throw new IllegalStateException(REQUIRED + "=1, and SoftHSM is missing: apt-get install softhsm2");
        }
        assumeTrue(library.isPresent(), "SoftHSM is not installed: apt-get install softhsm2");
        var label = "ncw-" + UUID.randomUUID().toString().substring(0, 8);
        try {
            var tokens = Files.createDirectories(configuration().resolveSibling("softhsm-tokens"));
            Files.writeString(configuration(), "directories.tokendir = " + tokens + "\nobjectstore.backend = file\n");
            var shown = run("softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN);
            var slot = shown.replaceAll("(?s).*slot (\\d+).*", "$1").strip();
            return new SoftHsm(Files.writeString(
                    folder.resolve("token.cfg"),
                    "name = " + label + "\nlibrary = " + library.get() + "\nslot = " + slot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration of the JDK's PKCS#11 provider. */
    String config() {
        return config.toString();
    }

    /** Makes a key pair in the token, with a certificate; only a certificate makes a key visible to the JDK. */
    void generateKey(String alias, String algorithm, int bits) {
        var java = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        run(
                java,
                "-genkeypair",
                "-keystore",
                "NONE",
                "-storetype",
                "PKCS11",
                "-addprovider",
                "SunPKCS11",
                "-providerArg",
                config(),
                "-storepass",
                PIN,
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-keysize",
                Integer.toString(bits),
                "-dname",
                "CN=" + alias);
    }

    private static Path configuration() {
        return Path.of(System.getenv("SOFTHSM2_CONF"));
    }

    private static String run(String... command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command[0] + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
