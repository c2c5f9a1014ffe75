package dev.ncwrelay.local.stack;

import dev.ncwrelay.local.layout.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A service's jar, unpacked once per build: nested jars add seconds to each start. */
final class UnpackedService {

    private UnpackedService() {}

    /** Unpacks the service if the build has made a newer jar. */
    static void prepare(Workspace workspace, String service) {
        var packed = workspace.serviceJar(service);
        var folder = workspace.unpackedService(service);
        var unpacked = folder.resolve(packed.getFileName());
        try {
            if (!Files.exists(unpacked)
                    || Files.getLastModifiedTime(unpacked).compareTo(Files.getLastModifiedTime(packed)) < 0) {
                unpack(packed, folder);
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
