package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.server.Server;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;

/**
 * Three brokers with the ids 1 to 3, each a process, without topics: a test takes one of them down, and what has its replicas
 * elsewhere goes on. The broker 1 is the controller, too.
 */
public final class KafkaCluster implements AutoCloseable {

    private static final int BROKERS = 3;

    private final List<Integer> ports =
            IntStream.range(0, BROKERS).mapToObj(_ -> FreePort.next()).toList();
    private final List<Server> brokers;

    private KafkaCluster() {
        int controllerPort = FreePort.next();
        var clusterId = Uuid.randomUuid().toString();
        this.brokers = IntStream.rangeClosed(1, BROKERS)
                .mapToObj(id -> Processes.broker(ports.get(id - 1), controllerPort, id, clusterId))
                .toList();
    }

    public static KafkaCluster start() {
        KafkaUse.check();
        var cluster = new KafkaCluster();
        cluster.brokers.stream()
                .map(broker -> CompletableFuture.runAsync(broker::restart))
                .toList()
                .forEach(CompletableFuture::join);
        return cluster;
    }

    /** The broker with this id. */
    public Server broker(int id) {
        return brokers.get(id - 1);
    }

    public String bootstrapServers() {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    public KafkaConnection connection() {
        return KafkaConnection.toDevelopmentBroker(bootstrapServers(), LocalKafka.PARTITIONS, Map.of());
    }

    @Override
    public void close() {
        brokers.forEach(Server::close);
    }
}
