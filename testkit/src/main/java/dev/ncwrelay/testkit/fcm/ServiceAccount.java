package dev.ncwrelay.testkit.fcm;

import dev.ncwrelay.testkit.keys.Pem;
import dev.ncwrelay.testkit.keys.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The account that may send messages, and its file, in the form of the Google Cloud console. */
record ServiceAccount(SigningKey key) {

    /** Its address, which is the issuer of its assertions. */
    static final String ADDRESS = "relay@" + FakeFcm.PROJECT + ".iam.gserviceaccount.com";

    private static final String KEY_ID = "private_key_id";
    private static final String KEY = "private_key";

    /** One with a new key. */
    static ServiceAccount generate() {
        return new ServiceAccount(SigningKey.generate("service-account-key"));
    }

    /**
     * The account whose file this is; a new one if there is no file.
     *
     * @throws IllegalArgumentException if it is another file
     */
    static ServiceAccount keptIn(Path file) {
        if (!Files.exists(file)) {
            return generate();
        }
        try {
            var content = JsonMapper.shared().readTree(Files.readString(file));
            var pem = content.path(KEY).asString("");
            return new ServiceAccount(Pem.parsePrivateKey(content.path(KEY_ID).asString(""), pem));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JacksonException | IllegalArgumentException e) {
            // Without the cause, whose text may have parts of the key.
            throw new IllegalArgumentException(
                    file + " must be the file of a service account, in JSON; without it, a new one" + " is made");
        }
    }

    /** The content of its file. */
    String file(URI tokenEndpoint) {
        var content = new LinkedHashMap<String, String>();
        content.put("type", "service_account");
        content.put("project_id", FakeFcm.PROJECT);
        content.put(KEY_ID, key.kid());
        content.put(KEY, Pem.privateKey(key.privateKey()));
        content.put("client_email", ADDRESS);
        content.put("client_id", "100000000000000000000");
        content.put("token_uri", tokenEndpoint.toString());
        return JsonMapper.shared().writeValueAsString(content);
    }

    /** Writes the file, readable by its owner only. */
    void writeTo(Path file, URI tokenEndpoint) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, file(tokenEndpoint));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
