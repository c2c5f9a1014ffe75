package dev.ncwrelay.ops.cli;

import dev.ncwrelay.ops.deadletter.DeadLetterException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.NoSuchElementException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the operator commands. Exit codes: 0 success, 1 failure, 2 usage. */
@Command(name = "relay", synopsisSubcommandLabel = "provision|dlt")
public final class OpsCommand {

    private OpsCommand() {}

    public static void main(String[] args) {
        System.exit(commandLine(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
                .execute(args));
    }

    static CommandLine commandLine(PrintWriter out) {
        var ops = new CommandLine(new OpsCommand())
                .addSubcommand(new ProvisionCommand(out))
                .addSubcommand(new CommandLine(new DltCommand())
                        .addSubcommand(new DltListCommand(out))
                        .addSubcommand(new DltShowCommand(out))
                        .addSubcommand(new DltRedriveCommand(out)));
        return ops.setExecutionExceptionHandler((failure, command, _) -> {
            switch (failure) {
                case NoSuchElementException _, DeadLetterException _, IllegalArgumentException _ ->
                    command.getErr().println("relay: " + failure.getMessage());
                case KafkaException _ -> command.getErr().println("relay: Kafka error: " + failure.getMessage());
                default -> throw failure;
            }
            return 1;
        });
    }
}
