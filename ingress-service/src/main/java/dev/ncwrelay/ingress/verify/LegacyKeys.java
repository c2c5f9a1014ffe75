package dev.ncwrelay.ingress.verify;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Loads the public keys of the legacy signature: configured files, or the packaged keys of the region. */
final class LegacyKeys {

    private LegacyKeys() {}

    /**
     * Loads the keys.
     *
     * @throws IllegalArgumentException with the name of the setting when a file cannot be read or is not a public key
     */
    static List<RSAPublicKey> load(VerifySettings settings) {
        var keys = new ArrayList<RSAPublicKey>();
        try {
            for (var file : settings.legacy().keyFiles()) {
                keys.add(parse(Files.readString(file)));
            }
            if (keys.isEmpty()) {
                for (var name : settings.region().legacyKeys()) {
                    keys.add(parse(resource("/webhook-keys/" + name)));
                }
            }
            return keys;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "relay.ingress.verify.legacy.key-files must name PEM files of RSA public keys: "
                            + e.getClass().getSimpleName());
        }
    }

    private static RSAPublicKey parse(String pem) throws GeneralSecurityException {
        var base64 = pem.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
        return (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    }

    private static String resource(String path) throws IOException {
        try (var in = LegacyKeys.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new FileNotFoundException(path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
