package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.stack.StackFailedException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of ./relay for all that concerns the local stack. Exit codes: 0 as wished, 1 not so, 2 wrong usage. */
@Command(name = "relay")
public final class Relay {

    private Relay() {}

    public static void main(String[] args) {
        System.exit(commandLine(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .execute(args));
    }

    static CommandLine commandLine(PrintWriter out) {
        var relay = new CommandLine(new Relay())
                .addSubcommand(new DemoCommand(out))
                .addSubcommand(new UpCommand(out))
                .addSubcommand(new DownCommand(out))
                .addSubcommand(new StatusCommand(out))
                .addSubcommand(new LogsCommand(out));
        return relay.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof StackFailedException || failure instanceof NoSuchElementException) {
                command.getErr().println("relay: " + failure.getMessage());
                return 1;
            }
            throw failure;
        });
    }
}
