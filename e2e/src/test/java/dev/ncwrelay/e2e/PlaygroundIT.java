package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The playground's page in Chromium, on the whole stack: e2e/browser/tour.mjs. Skipped where Chromium is missing. */
@Tag("brokers")
class PlaygroundIT {

    /** Where Chromium is, if not where Debian puts it. */
    private static final String CHROMIUM = "RELAY_CHROMIUM";

    /** Set where a missing Chromium must not be overlooked. */
    private static final String REQUIRED = "RELAY_CHROMIUM_REQUIRED";

    private static final Path BROWSER =
            Path.of(Optional.ofNullable(System.getenv(CHROMIUM)).orElse("/usr/bin/chromium"));

    private final RunningStack stack = RunningStack.get();

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(
                Files.isExecutable(BROWSER) || System.getenv(REQUIRED) != null,
                () -> "skipped: there is no Chromium at " + BROWSER + " (apt-get install chromium, or " + CHROMIUM
                        + ")");
        JavaScript.BROWSER.install();
    }

    @Test
    void tour_worksByMouseAndByKeyboard_andIsAccessible() throws Exception {
        var run = JavaScript.BROWSER.run(
                Map.of(CHROMIUM, BROWSER.toString()),
                "node",
                "tour.mjs",
                stack.fireblocks().url() + "/");

        assertThat(run.exitCode()).as(run.output()).isZero();
        System.out.println(run.output());
    }
}
