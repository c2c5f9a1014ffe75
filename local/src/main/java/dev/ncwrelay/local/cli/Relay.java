package dev.ncwrelay.local.cli;

import dev.ncwrelay.local.deadletter.DeadLetterException;
import dev.ncwrelay.local.stack.StackFailedException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of ./relay for all that concerns the local stack and the dead letters. Exit codes: 0 as wished, 1 not so, 2 wrong usage. */
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
                .addSubcommand(new LogsCommand(out))
                .addSubcommand(new CommandLine(new DltCommand())
                        .addSubcommand(new DltListCommand(out))
                        .addSubcommand(new DltShowCommand(out))
                        .addSubcommand(new DltRedriveCommand(out)));
        return relay.setExecutionExceptionHandler((failure, command, parsed) -> {
            switch (failure) {
                case StackFailedException _, NoSuchElementException _, DeadLetterException _ ->
                    command.getErr().println("relay: " + failure.getMessage());
                case KafkaException _ ->
                    command.getErr().println("relay: Kafka does not do it: " + failure.getMessage());
                default -> throw failure;
            }
            return 1;
        });
    }
}
