package dev.ncwrelay.rpc.credentials;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;

/**
 * One Fireblocks API user. Blank texts count as absent.
 *
 * @param apiKey the user's API key
 * @param apiKeyFile a file that holds it
 * @param privateKey the user's private key, PEM
 * @param privateKeyFile a file that holds it
 * @param keyStore a key store or token that holds the private key, in place of a PEM
 */
public record UserSettings(
        @Nullable ApiKey apiKey,
        @Nullable String apiKeyFile,
        @Nullable PrivateKeyPem privateKey,
        @Nullable String privateKeyFile,
        @Nullable KeyStoreSettings keyStore) {

    @ConstructorBinding
    public UserSettings {}

    /** A user whose private key is a PEM. */
    public UserSettings(
            @Nullable ApiKey apiKey,
            @Nullable String apiKeyFile,
            @Nullable PrivateKeyPem privateKey,
            @Nullable String privateKeyFile) {
        this(apiKey, apiKeyFile, privateKey, privateKeyFile, null);
    }

    boolean isEmpty() {
        return givenApiKey().isEmpty()
                && givenPrivateKey().isEmpty()
                && givenApiKeyFile().isEmpty()
                && givenPrivateKeyFile().isEmpty()
                && givenKeyStore().isEmpty();
    }

    Optional<ApiKey> givenApiKey() {
        return Optional.ofNullable(apiKey).filter(key -> !key.reveal().isEmpty());
    }

    Optional<PrivateKeyPem> givenPrivateKey() {
        return Optional.ofNullable(privateKey).filter(key -> !key.reveal().isEmpty());
    }

    Optional<String> givenApiKeyFile() {
        return Optional.ofNullable(apiKeyFile).filter(file -> !file.isBlank());
    }

    Optional<String> givenPrivateKeyFile() {
        return Optional.ofNullable(privateKeyFile).filter(file -> !file.isBlank());
    }

    Optional<KeyStoreSettings> givenKeyStore() {
        return Optional.ofNullable(keyStore).filter(store -> !store.isEmpty());
    }
}
