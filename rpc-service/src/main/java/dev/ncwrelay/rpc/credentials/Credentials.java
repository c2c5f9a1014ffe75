package dev.ncwrelay.rpc.credentials;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** An API user's key and the private key that signs its requests. Its text form shows neither. */
public record Credentials(ApiKey apiKey, SigningKey signingKey) {

    private static final String CONVERSION = "Give the PEM of an unencrypted RSA private key. To convert one:"
            + " openssl pkcs8 -topk8 -nocrypt -in <key> -out <new file>";

    /**
     * Reads the configured credentials.
     *
     * @param prefix of the settings, without the last dot, for messages
     * @throws WrongCredentialsException when something is missing, given twice, unreadable or no key
     */
    public static Credentials of(String prefix, UserSettings user) {
        var apiKeyName = prefix + ".api-key";
        var privateKeyName = prefix + ".private-key";
        var apiKey = ApiKey.of(given(
                apiKeyName,
                user.givenApiKey().map(ApiKey::reveal),
                user.givenApiKeyFile(),
                "the API key of a Fireblocks API user with the role NCW Signer"));
        if (apiKey.reveal().isEmpty()) {
            throw new WrongCredentialsException(apiKeyName + "-file names an empty file", "Write the API key into it.");
        }
        return new Credentials(
                apiKey,
                user.givenKeyStore()
                        .map(store -> inKeyStore(prefix, user, store))
                        .orElseGet(() -> ofPem(privateKeyName, user)));
    }

    private static SigningKey inKeyStore(String prefix, UserSettings user, KeyStoreSettings store) {
        if (user.givenPrivateKey().isPresent() || user.givenPrivateKeyFile().isPresent()) {
            throw new WrongCredentialsException(
                    "both " + prefix + ".private-key and " + prefix + ".key-store are set",
                    "Set one of the two and remove the other.");
        }
        return new KeyStoreReader(prefix, store).read();
    }

    private static SigningKey ofPem(String privateKeyName, UserSettings user) {
        var pem = PrivateKeyPem.of(given(
                privateKeyName,
                user.givenPrivateKey().map(PrivateKeyPem::reveal),
                user.givenPrivateKeyFile(),
                "the private key that belongs to the API key, PEM"));
        return switch (RsaPem.parse(pem.reveal())) {
            case RsaPem.Parsed.Key(var key) -> new SigningKey.InMemory(key);
            case RsaPem.Parsed.Unusable(var because) ->
                throw new WrongCredentialsException(
                        (user.givenPrivateKey().isPresent() ? privateKeyName : privateKeyName + "-file") + " "
                                + because,
                        CONVERSION);
        };
    }

    @Override
    public String toString() {
        return "Credentials[***]";
    }

    private static String given(String key, Optional<String> value, Optional<String> file, String meaning) {
        if (value.isPresent() && file.isPresent()) {
            throw new WrongCredentialsException(
                    "both " + key + " and " + key + "-file are set", "Set one of the two and remove the other.");
        }
        return value.or(() -> file.map(name -> content(key, name)))
                .orElseThrow(() -> new WrongCredentialsException(
                        "neither " + key + " nor " + key + "-file is set",
                        "Set " + key + "-file (" + variable(key) + "_FILE) to a file that holds " + meaning + ", or "
                                + key + " (" + variable(key) + ") to its content."));
    }

    private static String content(String key, String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (MalformedInputException e) {
            throw new WrongCredentialsException(
                    key + "-file names a file that is not text", "Name a text file. For a key: " + CONVERSION);
        } catch (IOException | InvalidPathException e) {
            // Without the file name: it is the key itself if the two settings were confused.
            throw new WrongCredentialsException(
                    key + "-file names a file that cannot be read: "
                            + e.getClass().getSimpleName(),
                    "Check that the file exists and that the service's user may read it.");
        }
    }

    private static String variable(String key) {
        return key.replace("]", "").replaceAll("[.\\[-]", "_").toUpperCase(Locale.ROOT);
    }
}
