package dev.ncwrelay.rpc.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The key files of one API user, and their attributes before they were last read. */
final class KeyFiles {

    private final List<String> files;
    private List<String> seen;

    KeyFiles(UserSettings user) {
        var store = user.givenKeyStore().orElse(KeyStoreSettings.NONE);
        this.files = Stream.of(
                        user.givenApiKeyFile(),
                        user.givenPrivateKeyFile(),
                        store.givenFile(),
                        store.givenPkcs11Config(),
                        store.givenPasswordFile())
                .flatMap(Optional::stream)
                .toList();
        this.seen = current();
    }

    /** The attributes now, to be given to {@link #accept} once the files were read. */
    List<String> current() {
        return files.stream().map(KeyFiles::fingerprint).toList();
    }

    /** Whether these attributes differ from those of the files that were read last. */
    boolean haveChanged(List<String> current) {
        return !seen.equals(current);
    }

    /** The files were read after they had these attributes. */
    void accept(List<String> current) {
        seen = current;
    }

    private static String fingerprint(String file) {
        try {
            var attributes = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
