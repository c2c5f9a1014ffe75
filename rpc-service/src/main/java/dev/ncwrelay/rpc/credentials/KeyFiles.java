package dev.ncwrelay.rpc.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** The files that one API user's keys are in, and what they looked like last. */
public final class KeyFiles {

    private final List<String> files;
    private List<String> seen;

    public KeyFiles(UserProperties user) {
        this.files = Stream.concat(user.givenApiKeyFile().stream(), user.givenPrivateKeyFile().stream())
                .toList();
        this.seen = look();
    }

    /** Whether any looks different from the last time this was asked. */
    public boolean haveChanged() {
        var before = seen;
        seen = look();
        return !seen.equals(before);
    }

    private List<String> look() {
        return files.stream().map(KeyFiles::look).toList();
    }

    private static String look(String file) {
        try {
            var attributes = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
