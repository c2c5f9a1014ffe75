package dev.ncwrelay.local.secrets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lets the containers read the secrets. Docker Compose mounts each file as it is, so that a container can read it only as
 * the file's owner. Files of root are given to the images' own user, because no container runs as root; for the files of
 * anybody else the containers run as that user, whose id Compose reads from {@code .env}.
 */
public final class ContainerUser {

    /** The user of the images: see the Dockerfile. */
    static final int IMAGE_UID = 10_001;

    private static final int ROOT = 0;
    private static final String OWNER = "unix:uid";
    private static final String VARIABLE = "RELAY_UID";
    private static final Pattern ASSIGNED = Pattern.compile("^" + VARIABLE + "=", Pattern.MULTILINE);

    private ContainerUser() {}

    /**
     * Arranges it for these files, which have one owner. An id that {@code .env} already has is left as it is.
     *
     * @param environmentFile Compose's {@code .env}
     */
    public static void mayRead(List<Path> files, Path environmentFile) {
        try {
            for (var file : files) {
                int owner = (Integer) Files.getAttribute(file, OWNER);
                if (owner == ROOT) {
                    Files.setAttribute(file, OWNER, IMAGE_UID);
                } else if (owner != IMAGE_UID) {
                    assign(environmentFile, owner);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assign(Path environmentFile, int owner) throws IOException {
        var text = Files.exists(environmentFile) ? Files.readString(environmentFile) : "";
        if (ASSIGNED.matcher(text).find()) {
            return;
        }
        var separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        Files.writeString(
                environmentFile,
                separator + VARIABLE + "=" + owner + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
