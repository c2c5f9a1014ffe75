package dev.ncwrelay.testkit.invoke;

import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;

/** An API user with its API key and the private key that signs its requests. {@code toString} has no secret. */
public final class ApiUser {
    private final String apiKey;
    private final SigningKey key;
    private final ApiRole role;

    private ApiUser(String apiKey, SigningKey key, ApiRole role) {
        this.apiKey = apiKey;
        this.key = key;
        this.role = role;
    }

    /** A new user with a key pair of 4,096 bits. */
    public static ApiUser generate(ApiRole role) {
        var apiKey = UUID.randomUUID().toString();
        return new ApiUser(apiKey, SigningKey.ofFireblocksSize(apiKey), role);
    }

    /**
     * The user whose files {@link #writeTo} wrote into {@code folder}; when there are none, a new one that is written
     * there first.
     */
    public static ApiUser keptIn(Path folder, ApiRole role) {
        var apiKey = folder.resolve("api-key");
        var secret = folder.resolve("secret.pem");
        if (!Files.exists(apiKey) || !Files.exists(secret)) {
            var user = generate(role);
            user.writeTo(folder);
            return user;
        }
        try {
            var id = Files.readString(apiKey).strip();
            return new ApiUser(id, Pem.parsePrivateKey(id, Files.readString(secret)), role);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String apiKey() {
        return apiKey;
    }

    /** Signs with the private half. */
    public SigningKey key() {
        return key;
    }

    /** The private key as PKCS#8. */
    public String privateKeyPem() {
        return Pem.privateKey(key.privateKey());
    }

    /** The private key as PKCS#1. */
    public String privateKeyPemPkcs1() {
        return Pem.privateKeyPkcs1(key.privateKey());
    }

    /** The user as registered at Fireblocks. */
    public RegisteredUser registered() {
        return new RegisteredUser(apiKey, key.publicKey(), role);
    }

    /** Writes {@code api-key} and {@code secret.pem} (PKCS#8, readable by the owner only) into {@code folder}, which is created if necessary. */
    public void writeTo(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("api-key"), apiKey + "\n");
            var secret = folder.resolve("secret.pem");
            if (!Files.exists(secret)) {
                Files.createFile(
                        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(secret, privateKeyPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return "ApiUser[" + role + "]";
    }
}
