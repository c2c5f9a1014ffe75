package dev.ncwrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ncwrelay.local.stack.Stack;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The playground's page in Chromium, on the whole stack: e2e/browser. Skipped where Chromium is missing. */
@Tag("brokers")
class PlaygroundIT {

    /** Where Chromium is, if not where Debian puts it. */
    private static final String CHROMIUM = "RELAY_CHROMIUM";

    /** Set where a missing Chromium must not be overlooked. */
    private static final String REQUIRED = "RELAY_CHROMIUM_REQUIRED";

    private static final Path BROWSER =
            Path.of(Optional.ofNullable(System.getenv(CHROMIUM)).orElse("/usr/bin/chromium"));

    private static final String[] NODES = {Stack.delivery(1), Stack.delivery(2), Stack.delivery(3)};

    private final RunningStack stack = RunningStack.get();

    @BeforeAll
    static void install() throws Exception {
        assumeTrue(
                Files.isExecutable(BROWSER) || System.getenv(REQUIRED) != null,
                () -> "skipped: there is no Chromium at " + BROWSER + " (apt-get install chromium, or " + CHROMIUM
                        + ")");
        JavaScript.BROWSER.install();
        // The page knows all nodes, and one that is down would be an error in its console.
        RunningStack.get().start(NODES);
    }

    @AfterAll
    static void stopAllButTheFirst() {
        RunningStack.get().stop(Stack.delivery(2), Stack.delivery(3));
    }

    @Test
    void tour_worksByMouseAndByKeyboard_andIsAccessible() throws Exception {
        var run = JavaScript.BROWSER.run("node", "tour.mjs", page());

        assertThat(run.exitCode()).as(run.output()).isZero();
        System.out.println(run.output());
    }

    @Test
    void phone_receivesWhatWasSent_whileNoNodeRan() throws Exception {
        var browser = JavaScript.BROWSER.start("node", "restart.mjs", page());
        try (var orders = browser.inputReader(StandardCharsets.UTF_8)) {
            assertThat(orders.readLine()).isEqualTo("kill");
            Stream.of(NODES).forEach(stack::kill);
            assertThat(orders.readLine()).isEqualTo("start");
            stack.start(NODES);

            assertThat(browser.waitFor()).isZero();
        } finally {
            browser.destroy();
            stack.start(NODES);
        }
    }

    @Test
    void phone_receivesFromAnotherNode_whenItsNodeIsKilled() throws Exception {
        var browser = JavaScript.BROWSER.start("node", "other-node.mjs", page());
        try (var orders = browser.inputReader(StandardCharsets.UTF_8)) {
            assertThat(orders.readLine()).isEqualTo("1");
            stack.kill(Stack.DELIVERY);

            assertThat(browser.waitFor()).isZero();
        } finally {
            browser.destroy();
            stack.start(NODES);
        }
    }

    private String page() {
        return stack.fireblocks().url() + "/";
    }
}
