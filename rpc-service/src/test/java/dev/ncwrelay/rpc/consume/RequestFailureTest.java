package dev.ncwrelay.rpc.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.thread.CriticalThread;
import dev.ncwrelay.testkit.process.EndedProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An error while a request is processed ends the process. */
class RequestFailureTest {

    @Test
    void error_endsTheProcess(@TempDir Path folder) throws Exception {
        var process = EndedProcess.of(folder.resolve("log"), FailingRequest.class);

        assertThat(process.exitValue()).isEqualTo(CriticalThread.EXIT_CODE);
        assertThat(process.output()).contains("the process ends", "LinkageError: injected");
    }
}
