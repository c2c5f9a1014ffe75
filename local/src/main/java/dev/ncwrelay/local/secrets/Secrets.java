package dev.ncwrelay.local.secrets;

import dev.ncwrelay.testkit.invoke.ApiRole;
import dev.ncwrelay.testkit.invoke.ApiUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The secrets of a stack, each in a file of its own that only the owner may read. A file that exists is never changed: it
 * may be somebody's real key, or have signed what is still in use.
 *
 * @param folder the folder of the files, created when first needed
 */
public record Secrets(Path folder) {

    /** Signs the cursors of delivery-service. */
    public static final String CURSOR_KEY = "cursor-key";

    /** Shared by the nodes of delivery-service. */
    public static final String PEER_SECRET = "peer-secret";

    /** The id of the API user at Fireblocks. */
    public static final String API_KEY = "api-key";

    /** The private key of that user. */
    public static final String PRIVATE_KEY = "secret.pem";

    /** The file of the service account that sends push messages, which the simulator makes. */
    public static final String FCM_ACCOUNT = "fcm.json";

    /** The file of a secret, whether or not it exists. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** All files of containers, whether or not they exist. */
    public List<Path> files() {
        return Stream.of(CURSOR_KEY, PEER_SECRET, API_KEY, PRIVATE_KEY)
                .map(this::file)
                .toList();
    }

    /** Makes those of delivery-service that are missing. Returns what was made. */
    public List<Path> makeKeysOfDelivery() {
        createFolder();
        var missing = missing(CURSOR_KEY, PEER_SECRET);
        missing.forEach(file -> SecretFile.write(file, RandomSecret.next()));
        return missing;
    }

    /**
     * Makes the API user, if its files are missing. Returns what was made.
     *
     * @throws NoSuchElementException if one of the two files is missing: a new one would not match the other
     */
    public List<Path> makeApiUser() {
        createFolder();
        var missing = missing(API_KEY, PRIVATE_KEY);
        if (missing.size() == 1) {
            throw new NoSuchElementException(missing.getFirst() + " is missing, but the other file of the same API user"
                    + " exists; bring it too, or move the other away and both are made");
        }
        if (!missing.isEmpty()) {
            var user = ApiUser.generate(ApiRole.NCW_SIGNER);
            SecretFile.write(file(API_KEY), user.apiKey() + "\n");
            SecretFile.write(file(PRIVATE_KEY), user.privateKeyPem());
        }
        return missing;
    }

    private List<Path> missing(String... names) {
        return Stream.of(names)
                .map(this::file)
                .filter(file -> !Files.exists(file))
                .toList();
    }

    private void createFolder() {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + folder, e);
        }
    }
}
