package dev.ncwrelay.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class BenchTest {

    private final StringWriter text = new StringWriter();

    @Test
    void help_namesMeasurementsAndDefaults() {
        assertThat(run("--help")).isZero();

        assertThat(text.toString()).contains("poll", "rpc", "intake", "memory", "floor", "(120)", "--root");
    }

    @Test
    void unknownMeasurement_isWrongUsage() {
        assertThat(run("speed")).isEqualTo(2);

        assertThat(text.toString()).contains("speed");
    }

    @Test
    void impossibleLoad_isWrongUsage() {
        assertThat(run("poll", "--devices", "1")).isEqualTo(2);

        assertThat(text.toString()).contains("--devices, for these rates, must be at least 20, not 1");
    }

    private int run(String... arguments) {
        var out = new PrintWriter(text, true);
        return Bench.commandLine(out).setOut(out).setErr(out).execute(arguments);
    }
}
