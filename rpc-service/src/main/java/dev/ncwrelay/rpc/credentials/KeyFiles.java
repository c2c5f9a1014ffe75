package dev.ncwrelay.rpc.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** The files that one API user's keys are in, and what they looked like last. */
final class KeyFiles {

    private final List<String> files;
    private List<String> seen;

    KeyFiles(UserProperties user) {
        this.files = Stream.concat(user.givenApiKeyFile().stream(), user.givenPrivateKeyFile().stream())
                .toList();
        this.seen = fingerprint();
    }

    /** Whether any looks different from the last time this was asked. */
    boolean haveChanged() {
        var before = seen;
        seen = fingerprint();
        return !seen.equals(before);
    }

    private List<String> fingerprint() {
        return files.stream().map(KeyFiles::fingerprint).toList();
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
