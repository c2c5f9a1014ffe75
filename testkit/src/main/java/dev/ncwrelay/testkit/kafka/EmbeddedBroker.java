package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.testkit.net.FreePort;
import dev.ncwrelay.testkit.server.Server;
import dev.ncwrelay.testkit.server.TemporaryFolder;
import org.jspecify.annotations.Nullable;

/** A Kafka node in this JVM. */
final class EmbeddedBroker implements Server {

    private final TemporaryFolder data = TemporaryFolder.create("kafka");
    private final int port;
    private final int controllerPort = FreePort.next();
    private @Nullable KafkaNode node;

    EmbeddedBroker(int port) {
        this.port = port;
    }

    @Override
    public synchronized void restart() {
        if (node == null) {
            node = KafkaNode.start(data.path(), port, controllerPort);
        }
    }

    @Override
    public synchronized void stop() {
        if (node != null) {
            node.close();
            node = null;
        }
    }

    @Override
    public void pause() {
        throw new UnsupportedOperationException(
                "a broker in the test's JVM cannot be paused: LocalKafka.startPausable()");
    }

    @Override
    public void resume() {
        // It is never paused.
    }

    @Override
    public void close() {
        stop();
        data.delete();
    }
}
