package dev.ncwrelay.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.kafka.SharedStack;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a broker that has the topics already, as every run after the first finds it. */
@Tag("kafka")
class ProvisionCommandTest {

    private final StringWriter out = new StringWriter();

    @Test
    void provision_ofADevelopmentBroker_succeedsAndSaysThatItMayLoseData() {
        assertThat(provision("--development-broker")).isZero();
        assertThat(out.toString()).contains("may lose data, as on any development broker");
    }

    @Test
    void provision_ofABrokerThatMayLoseData_fails() {
        assertThat(provision()).isOne();
        assertThat(out.toString()).contains("may lose data: ncw.device.events");
    }

    @Test
    void provision_withOtherPartitions_fails() {
        assertThat(provision("--development-broker", "--partitions=13")).isOne();
        assertThat(out.toString()).contains("relay.kafka.partitions is 13, but on the broker");
    }

    private int provision(String... options) {
        var stack = SharedStack.get();
        var arguments = new ArrayList<>(List.of(
                "provision",
                "--bootstrap-servers=" + stack.connection().bootstrapServers(),
                "--registry=" + stack.registry().url()));
        arguments.addAll(List.of(options));
        return OpsCommand.commandLine(new PrintWriter(out, true)).execute(arguments.toArray(String[]::new));
    }
}
