package dev.ncwrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RelayTest {

    /** What the launcher hands on must be understood here, or ./relay is a dead end. */
    @Test
    void commands_areThoseOfTheLauncher() throws Exception {
        var launcher = Files.readString(Path.of(System.getProperty("relay.root"), "relay"));
        var commands = Relay.commandLine(new PrintWriter(new StringWriter())).getSubcommands();

        assertThat(commands.keySet())
                .containsExactlyInAnyOrder(
                        "demo", "up", "down", "stop", "status", "logs", "secrets", "train", "record");
        assertThat(launcher).contains("  demo | up | down | stop | status | logs | secrets) local_stack");
    }

    @Test
    void unknownCommand_exitsWithTwo() {
        var relay = Relay.commandLine(new PrintWriter(new StringWriter())).setErr(new PrintWriter(new StringWriter()));

        assertThat(relay.execute("upp")).isEqualTo(2);
    }
}
