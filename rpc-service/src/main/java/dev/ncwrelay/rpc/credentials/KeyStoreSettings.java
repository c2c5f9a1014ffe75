package dev.ncwrelay.rpc.credentials;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A key store that holds a user's private key, in place of a PEM. Blank texts count as absent.
 *
 * @param type of the key store by its JCA name, for example {@code PKCS12}, or {@code PKCS11} for a token
 * @param file the key store; none for a token
 * @param pkcs11Config for a token: a file with the configuration of the JDK's PKCS#11 provider
 * @param password of the key store, or the PIN of the token
 * @param passwordFile a file that holds it
 * @param alias name of the key in the key store
 * @param sessions at most so many signatures at a time
 */
public record KeyStoreSettings(
        @Nullable String type,
        @Nullable String file,
        @Nullable String pkcs11Config,
        @Nullable StorePassword password,
        @Nullable String passwordFile,
        @Nullable String alias,
        @DefaultValue("4") int sessions) {

    static final KeyStoreSettings NONE = new KeyStoreSettings(null, null, null, null, null, null, 1);

    private static final int MAX_SESSIONS = 256;

    public KeyStoreSettings {
        if (sessions < 1 || sessions > MAX_SESSIONS) {
            throw new IllegalArgumentException(
                    "key-store.sessions must be from 1 to " + MAX_SESSIONS + ", not " + sessions);
        }
    }

    boolean isEmpty() {
        return given(type).isEmpty()
                && givenFile().isEmpty()
                && givenPkcs11Config().isEmpty()
                && givenPassword().isEmpty()
                && givenPasswordFile().isEmpty()
                && givenAlias().isEmpty();
    }

    String effectiveType() {
        return given(type).orElse(givenPkcs11Config().isPresent() ? "PKCS11" : "PKCS12");
    }

    Optional<String> givenFile() {
        return given(file);
    }

    Optional<String> givenPkcs11Config() {
        return given(pkcs11Config);
    }

    Optional<StorePassword> givenPassword() {
        return Optional.ofNullable(password).filter(given -> !given.isEmpty());
    }

    Optional<String> givenPasswordFile() {
        return given(passwordFile);
    }

    Optional<String> givenAlias() {
        return given(alias);
    }

    private static Optional<String> given(@Nullable String text) {
        return Optional.ofNullable(text).filter(value -> !value.isBlank());
    }
}
