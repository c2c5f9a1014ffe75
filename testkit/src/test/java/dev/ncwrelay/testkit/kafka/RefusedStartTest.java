package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.startup.RefusedStart;
import dev.ncwrelay.kafka.startup.StartupCheck;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import dev.ncwrelay.testkit.process.EndedProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.support.GenericApplicationContext;

class RefusedStartTest {

    @Test
    void refusal_endsTheProcessWithStatus1_afterTheContextIsClosed(@TempDir Path folder) throws Exception {
        var process = EndedProcess.of(folder.resolve("log"), RefusedProgram.class);

        assertThat(process.output()).contains("start refused");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    /** Like a service, it has no thread that keeps the process alive once its context is being closed. */
    static final class RefusedProgram {

        private RefusedProgram() {}

        public static void main(String[] args) throws InterruptedException {
            var kafka = KafkaConnection.to("127.0.0.1:1", 12, Map.of("max.in.flight.requests.per.connection", "50"));
            var codec = new RecordCodec(RegistryConnection.at(URI.create("http://127.0.0.1:1")));
            var closing = new CountDownLatch(1);
            var context = new GenericApplicationContext();
            context.registerBean("slow", DisposableBean.class, () -> () -> {
                closing.countDown();
                Thread.sleep(Duration.ofSeconds(1));
            });
            context.refresh();
            var needs = KafkaNeeds.of(KafkaAccess.none());
            var _ = RefusedStart.exitsProcess(new StartupCheck(kafka, codec, needs, Duration.ofSeconds(1)), context);
            closing.await();
        }
    }
}
