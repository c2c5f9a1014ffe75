package dev.ncwrelay.rpc.credentials;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One Fireblocks API user. Blank texts count as absent.
 *
 * @param apiKey the user's API key
 * @param apiKeyFile a file that holds it
 * @param privateKey the user's private key, PEM
 * @param privateKeyFile a file that holds it
 */
public record UserSettings(
        @Nullable ApiKey apiKey,
        @Nullable String apiKeyFile,
        @Nullable PrivateKeyPem privateKey,
        @Nullable String privateKeyFile) {

    boolean isEmpty() {
        return givenApiKey().isEmpty()
                && givenPrivateKey().isEmpty()
                && givenApiKeyFile().isEmpty()
                && givenPrivateKeyFile().isEmpty();
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
}
