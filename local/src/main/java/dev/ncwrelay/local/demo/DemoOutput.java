package dev.ncwrelay.local.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the reader of the demo sees: numbered steps, what went where, and commands to repeat them. */
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

    /** One thing that happened: who, what, and how long it took. */
    void event(String who, String what, Duration took) {
        out.printf(Locale.ROOT, "   %-" + NAME_WIDTH + "s %s  (%s)%n", who, what, millis(took));
    }

    /** One thing that happened and has no duration. */
    void event(String who, String what) {
        out.printf(Locale.ROOT, "   %-" + NAME_WIDTH + "s %s%n", who, what);
    }

    /** Shows whether something is as it must be; what is not, fails the demo. */
    void check(boolean holds, String what) {
        if (!holds) {
            failures.add("step " + steps + ": " + what);
        }
        out.printf(Locale.ROOT, "   %-" + NAME_WIDTH + "s %s%n", holds ? "ok" : "WRONG", what);
    }

    /** How to do the step again by hand. */
    void command(String command) {
        command.lines().forEach(line -> out.println("     $ " + line));
    }

    void line(String text) {
        out.println(text);
    }

    /** True when every check held. */
    boolean conclude() {
        out.println();
        if (failures.isEmpty()) {
            out.println("All " + steps + " steps as expected: every byte arrived.");
            return true;
        }
        out.println("Not as expected:");
        failures.forEach(failure -> out.println("  " + failure));
        return false;
    }

    static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
