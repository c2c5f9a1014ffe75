package dev.ncwrelay.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.local.layout.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The programs of {@code e2e/js}, run by Node. */
final class JavaScript {

    private static final Path FOLDER = Workspace.current().root().resolve("e2e/js");

    private JavaScript() {}

    /** What a program printed, and how it ended. */
    record Result(int exitCode, String output) {}

    /** Installs what the programs need, unless it is there; where npm cannot, the test is skipped with a message. */
    static void install() throws IOException, InterruptedException {
        var installed = FOLDER.resolve("node_modules/.package-lock.json");
        var wanted = FOLDER.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
            return;
        }
        var result = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        assumeTrue(
                result.exitCode() == 0, () -> "skipped: npm cannot install the packages of e2e/js: " + result.output());
    }

    static Result run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .directory(FOLDER.toFile())
                    .redirectErrorStream(true)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(-1, String.join(" ", List.of(command)) + ": " + e.getMessage());
        }
    }
}
