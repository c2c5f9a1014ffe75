package dev.ncwrelay.rpc.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import org.jspecify.annotations.Nullable;

/**
 * Finds a private key in a key store or a token, and lets it sign once, so that a key that cannot is noticed at the start.
 * Messages name settings and errors of PKCS#11, never a content.
 */
final class KeyStoreReader {

    private static final String PKCS11 = "PKCS11";
    private static final String ALGORITHM = "SHA256withRSA";

    private final String prefix;
    private final KeyStoreSettings settings;

    /** @param prefix of the settings, without the last dot, for messages */
    KeyStoreReader(String prefix, KeyStoreSettings settings) {
        this.prefix = prefix;
        this.settings = settings;
    }

    /** @throws WrongCredentialsException when there is no such key, or it cannot make Fireblocks' signatures */
    SigningKey read() {
        var alias = settings.givenAlias()
                .orElseThrow(() -> wrong("alias is not set", "Set it to the name of the private key."));
        var store = load();
        PrivateKey key;
        PublicKey published;
        try {
            if (!(store.getKey(alias, password()) instanceof PrivateKey found)) {
                throw wrong("alias names no private key with a certificate", "keytool -list shows what there is.");
            }
            key = found;
            published = store.getCertificate(alias).getPublicKey();
        } catch (WrongCredentialsException e) {
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw wrong("alias names a key that cannot be read: " + KeyFailure.text(e), "Check the password.");
        }
        if (!(published instanceof RSAPublicKey rsa)
                || rsa.getModulus().bitLength() < RsaPem.MIN_BITS
                || !"RSA".equals(key.getAlgorithm())) {
            throw wrong(
                    "alias names a key that is not of RSA with at least " + RsaPem.MIN_BITS + " bits", "Name another.");
        }
        trySigning(key, store.getProvider(), rsa);
        return key instanceof RSAPrivateKey inMemory && !isToken()
                ? new SigningKey.InMemory(inMemory)
                : new SigningKey.InStore(key, store.getProvider(), new SigningSessions(settings.sessions()));
    }

    private void trySigning(PrivateKey key, Provider provider, RSAPublicKey published) {
        try {
            var content = new byte[] {1};
            var signature = isToken() ? Signature.getInstance(ALGORITHM, provider) : Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(content);
            var made = signature.sign();
            var check = Signature.getInstance(ALGORITHM);
            check.initVerify(published);
            check.update(content);
            if (!check.verify(made)) {
                throw wrong("alias names a key that does not belong to its certificate", "Import the right one.");
            }
        } catch (WrongCredentialsException e) {
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw wrong("alias names a key that cannot sign: " + KeyFailure.text(e), "Permit it to sign (CKA_SIGN).");
        }
    }

    private KeyStore load() {
        var password = password();
        try {
            if (isToken()) {
                var store = KeyStore.getInstance(PKCS11, token());
                store.load(null, password);
                return store;
            }
            var file = settings.givenFile().orElseThrow(() -> wrong("file is not set", "Set it to the key store."));
            var store = KeyStore.getInstance(settings.effectiveType());
            try (var content = Files.newInputStream(Path.of(file))) {
                store.load(content, password);
            }
            return store;
        } catch (WrongCredentialsException e) {
            throw e;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw wrong(
                    (isToken() ? "pkcs11-config names a token" : "file names a key store") + " that cannot be opened: "
                            + KeyFailure.text(e),
                    "Check the type, the password and, for a file, that the service's user may read it.");
        }
    }

    private Provider token() {
        var config = settings.givenPkcs11Config()
                .orElseThrow(() -> wrong("pkcs11-config is not set", "Set it to a file with name, library and slot."));
        try {
            return Security.getProvider("SunPKCS11").configure(config);
        } catch (RuntimeException e) {
            throw wrong(
                    "pkcs11-config names a configuration that cannot be used: " + KeyFailure.text(e),
                    "It is a file of the JDK's PKCS#11 provider, and names a library that must exist.");
        }
    }

    private char @Nullable [] password() {
        if (settings.givenPassword().isPresent() && settings.givenPasswordFile().isPresent()) {
            throw wrong("password and password-file are both set", "Set one of the two and remove the other.");
        }
        return settings.givenPassword()
                .or(() -> settings.givenPasswordFile().map(this::passwordIn))
                .map(StorePassword::reveal)
                .orElse(null);
    }

    private StorePassword passwordIn(String file) {
        try {
            return StorePassword.of(Files.readString(Path.of(file)));
        } catch (IOException | InvalidPathException e) {
            throw wrong("password-file names a file that cannot be read", "Check that the service's user may read it.");
        }
    }

    private boolean isToken() {
        return settings.effectiveType().equalsIgnoreCase(PKCS11);
    }

    private WrongCredentialsException wrong(String reason, String action) {
        return new WrongCredentialsException(prefix + ".key-store." + reason, action);
    }
}
