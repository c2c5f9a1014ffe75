package dev.ncwrelay.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

/**
 * The commit of a checkout.
 *
 * @param id short; "unknown" outside of a repository
 * @param modified whether files that the repository has were changed since
 */
public record Commit(String id, boolean modified) {

    public static Commit of(Path checkout) throws InterruptedException {
        try {
            var id = git(checkout, "rev-parse", "--short", "HEAD");
            return id.isEmpty()
                    ? new Commit("unknown", false)
                    : new Commit(
                            id,
                            !git(checkout, "status", "--porcelain", "--untracked-files=no")
                                    .isEmpty());
        } catch (IOException e) {
            return new Commit("unknown", false);
        }
    }

    private static String git(Path checkout, String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(java.util.List.of("git", "-C", checkout.toString()));
        command.addAll(Arrays.asList(words));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output.strip() : "";
    }
}
