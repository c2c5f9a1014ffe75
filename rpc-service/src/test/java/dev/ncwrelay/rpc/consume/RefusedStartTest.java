package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.testkit.kafka.SharedStack;
import dev.ncwrelay.testkit.process.EndedProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that contradicts the configuration ends the process. */
@Tag("kafka")
class RefusedStartTest {

    @Test
    void differentPartitionCount_endsTheProcess_andSaysWhy(@TempDir Path folder) throws Exception {
        var broker = SharedStack.get().connection().bootstrapServers();

        var process = EndedProcess.of(folder.resolve("log"), RefusedService.class, broker);

        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(process.output()).contains("start refused", "relay.kafka.partitions is 13");
    }
}
