package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.tail.TailStart;
import dev.ncwrelay.kafka.tail.TopicTail;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.RecordCodec;
import dev.ncwrelay.schemas.serde.RegistryConnection;
import java.net.URI;

/** A process of its own whose tail meets an error that nothing catches. */
final class FailingTail {

    private FailingTail() {}

    public static void main(String[] arguments) throws InterruptedException {
        var kafka = KafkaConnection.to(arguments[0], Integer.parseInt(arguments[1]));
        var codec = new RecordCodec(RegistryConnection.at(URI.create("http://127.0.0.1:1")));
        var _ = TopicTail.start(
                Topics.DEVICES, new TailStart.Beginning(), kafka, "failing-tail", codec, _ -> {}, (_, _) -> {
                    throw new StackOverflowError("injected");
                });
        // As in a service, other threads continue.
        Thread.currentThread().join();
    }
}
