package dev.ncwrelay.testkit.kafka;

import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One broker and one registry for all tests of a JVM, started on first use and stopped with the JVM. Tests that
 * stop one of them start their own.
 */
public final class SharedStack {

    private static @Nullable SharedStack instance;

    private final LocalKafka kafka;
    private final LocalRegistry registry;
    private final RecordCodec codec;

    private SharedStack(LocalKafka kafka, LocalRegistry registry) {
        this.kafka = kafka;
        this.registry = registry;
        this.codec = new RecordCodec(registry.connection());
    }

    public static synchronized SharedStack get() {
        KafkaUse.check();
        if (instance == null) {
            var registry = CompletableFuture.supplyAsync(LocalRegistry::start);
            var kafka = LocalKafka.start();
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-kafka"));
            instance = new SharedStack(kafka, registry.join());
        }
        return instance;
    }

    public LocalKafka kafka() {
        return kafka;
    }

    public LocalRegistry registry() {
        return registry;
    }

    public KafkaConnection connection() {
        return kafka.connection();
    }

    public RecordCodec codec() {
        return codec;
    }
}
