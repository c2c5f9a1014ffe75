package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.stack.StackFailedException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of ./relay for the local stack. Exit codes: 0 success, 1 failure, 2 usage. */
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
                .addSubcommand(new StopCommand(out))
                .addSubcommand(new StatusCommand(out))
                .addSubcommand(new LogsCommand(out))
                .addSubcommand(new SecretsCommand(out))
                .addSubcommand(new TrainCommand(out))
                .addSubcommand(new RecordCommand(out));
        return relay.setExecutionExceptionHandler((failure, command, parsed) -> {
            switch (failure) {
                case StackFailedException _, NoSuchElementException _ ->
                    command.getErr().println("relay: " + failure.getMessage());
                default -> throw failure;
            }
            return 1;
        });
    }
}
