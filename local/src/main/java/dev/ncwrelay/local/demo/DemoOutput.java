package dev.ncwrelay.local.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the demo: numbered steps, what each side sent and received, and commands to repeat them. */
final class DemoOutput {

    private static final int NAME_WIDTH = 10;

    private final PrintWriter out;
    private final List<String> failures = new ArrayList<>();
    private int steps;

    DemoOutput(PrintWriter out) {
        this.out = out;
    }

    void step(String title) {
        steps++;
        out.printf(Locale.ROOT, "%n%d  %s%n", steps, title);
    }

    /** A step that this stack cannot run. */
    void leftOut(String title, String reason) {
        out.printf(Locale.ROOT, "%n-  Left out: %s (%s)%n", title, reason);
    }

    /** An event with its actor and duration. */
    void event(String who, String what, Duration took) {
        out.printf(Locale.ROOT, "   %-" + NAME_WIDTH + "s %s  (%s)%n", who, what, millis(took));
    }

    /** An event without a duration. */
    void event(String who, String what) {
        out.printf(Locale.ROOT, "   %-" + NAME_WIDTH + "s %s%n", who, what);
    }

    /** Prints the result of a check; one that does not hold fails the demo. */
    void check(boolean holds, String what) {
        if (!holds) {
            failures.add("step " + steps + ": " + what);
        }
        out.printf(Locale.ROOT, "   %-" + NAME_WIDTH + "s %s%n", holds ? "ok" : "FAILED", what);
    }

    /** Commands that repeat the step by hand. */
    void command(String command) {
        command.lines().forEach(line -> out.println("     $ " + line));
    }

    /** True when every check held. */
    boolean conclude() {
        out.println();
        if (failures.isEmpty()) {
            out.println("All " + steps + " steps passed: every byte arrived.");
            return true;
        }
        out.println("Failed checks:");
        failures.forEach(failure -> out.println("  " + failure));
        return false;
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
