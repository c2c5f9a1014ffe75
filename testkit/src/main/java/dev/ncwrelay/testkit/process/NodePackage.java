package dev.ncwrelay.testkit.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The programs of a folder, run by Node.
 *
 * @param folder has {@code package.json} and {@code package-lock.json}
 */
public record NodePackage(Path folder) {

    /** What a program printed, and how it ended. */
    public record Result(int exitCode, String output) {}

    /** Installs what the programs need, unless it is there; where npm cannot, the test is skipped with a message. */
    public void install() throws IOException, InterruptedException {
        var installed = folder.resolve("node_modules/.package-lock.json");
        var wanted = folder.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
            return;
        }
        var result = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        assumeTrue(
                result.exitCode() == 0,
                () -> "skipped: npm cannot install the packages of " + folder + ": " + result.output());
    }

    public Result run(String... command) throws InterruptedException {
        return run(Map.of(), command);
    }

    public Result run(Map<String, String> environment, String... command) throws InterruptedException {
        try {
            var builder = builder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            var process = builder.start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            return new Result(-1, String.join(" ", List.of(command)) + ": " + e.getMessage());
        }
    }

    /** Starts a program that the caller talks to, and ends; what it reports as errors is shown. */
    public Process start(String... command) throws IOException {
        return builder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private ProcessBuilder builder(String... command) {
        return new ProcessBuilder(command).directory(folder.toFile());
    }
}
