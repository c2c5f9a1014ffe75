package dev.ncwrelay.rpc.consume;

import dev.ncwrelay.kafka.access.KafkaAccess;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.springframework.context.support.GenericApplicationContext;

/** A process with the service's start-up check, configured for 13 partitions of each topic. */
final class RefusedService {

    private RefusedService() {}

    public static void main(String[] args) throws InterruptedException {
        var kafka = KafkaConnection.to(args[0], 13);
        // Topics are checked before schemas.
        var codec = new RecordCodec(RegistryConnection.at(URI.create("http://127.0.0.1:1")));
        var context = new GenericApplicationContext();
        context.refresh();
        var _ = new ConsumeConfiguration()
                .startupCheck(
                        kafka, codec, KafkaNeeds.of(KafkaAccess.none().read(Topics.RPC_REQUESTS.name())), context);
        new CountDownLatch(1).await();
    }
}
