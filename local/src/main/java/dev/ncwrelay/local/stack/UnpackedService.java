package dev.ncwrelay.local.stack;

import dev.ncwrelay.local.layout.FileTree;
import dev.ncwrelay.local.layout.Workspace;
import dev.ncwrelay.local.process.FileVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A service's jar, unpacked once per build: nested jars add seconds to each start. The folder names the jar that it was
 * unpacked from, so that one that was unpacked in part, or from another jar, is unpacked again.
 */
final class UnpackedService {

    private UnpackedService() {}

    private static final String UNPACKED_FROM = ".unpacked-from";

    /**
     * Unpacks the service if the build has made another jar. No process may run from the folder then. Another JVM that begins at
     * the same time waits.
     */
    static void prepare(Workspace workspace, String service) {
        var packed = Workspace.built(workspace.serviceJar(service));
        var folder = workspace.unpackedService(service);
        var unpackedFrom = folder.resolve(UNPACKED_FROM);
        var version = FileVersion.of(packed);
        var lock = folder.resolveSibling(service + ".lock");
        try {
            Files.createDirectories(folder.getParent());
            try (var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = file.lock()) {
                if (!Files.exists(unpackedFrom)
                        || !Files.readString(unpackedFrom).equals(version)) {
                    FileTree.delete(folder);
                    unpack(packed, folder);
                    Files.writeString(unpackedFrom, version);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack " + packed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void unpack(Path packed, Path folder) throws IOException, InterruptedException {
        var command = JavaCommand.command(
                "128m",
                "-Djarmode=tools",
                "-jar",
                packed.toString(),
                "extract",
                "--force",
                "--destination",
                folder.toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", List.copyOf(command)) + ": " + output);
        }
    }
}
