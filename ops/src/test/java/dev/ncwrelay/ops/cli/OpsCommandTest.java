package dev.ncwrelay.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OpsCommandTest {

    /** A command that the launcher passes on must exist here. */
    @Test
    void commands_areThoseOfTheLauncher() throws Exception {
        var launcher = Files.readString(Path.of(System.getProperty("relay.root"), "relay"));
        var commands =
                OpsCommand.commandLine(new PrintWriter(new StringWriter())).getSubcommands();

        assertThat(commands.keySet()).containsExactlyInAnyOrder("provision", "dlt");
        assertThat(launcher).contains("  provision | dlt) ops ");
    }
}
