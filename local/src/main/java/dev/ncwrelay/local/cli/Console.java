package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.stack.StartProgress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Prints the start of a stack: a line for each ready process and, on a terminal, which ones are not ready yet. */
final class Console implements StartProgress {

    private static final boolean TERMINAL = Optional.ofNullable(System.console())
            .map(java.io.Console::isTerminal)
            .orElse(false);
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter out;

    Console(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void waiting(String what, Duration since) {
        if (TERMINAL) {
            out.printf(Locale.ROOT, "%s  ... %s (%d s)", ERASE_LINE, what, since.toSeconds());
            out.flush();
        }
    }

    @Override
    public void done(String what, String where, Duration took) {
        if (TERMINAL) {
            out.print(ERASE_LINE);
        }
        out.printf(Locale.ROOT, "  %-18s %-16s %5.1f s%n", what, where, took.toMillis() / 1e3);
    }
}
