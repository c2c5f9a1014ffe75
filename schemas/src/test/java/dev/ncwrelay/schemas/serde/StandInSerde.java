package dev.ncwrelay.schemas.serde;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/** Serdes in the place of Confluent's, which fail as they do. */
public final class StandInSerde {

    private static Supplier<RuntimeException> failure = () -> new IllegalStateException("no failure was set");

    private static final List<Map<String, ?>> CONFIGURATIONS = new ArrayList<>();

    private StandInSerde() {}

    /** What serializers and deserializers were configured with, the latest last. */
    static List<Map<String, ?>> configurations() {
        return List.copyOf(CONFIGURATIONS);
    }

    /** Reads nothing from now on, with this exception. */
    static void failWith(Supplier<RuntimeException> failure) {
        StandInSerde.failure = failure;
    }

    /** Made by the codec, by name. */
    public static final class Reader implements Deserializer<Object> {
        @Override
        public void configure(Map<String, ?> config, boolean isKey) {
            CONFIGURATIONS.add(config);
        }

        @Override
        public Object deserialize(String topic, byte[] bytes) {
            throw failure.get();
        }
    }

    /** Made by the codec, by name. */
    public static final class Writer implements Serializer<Object> {
        @Override
        public void configure(Map<String, ?> config, boolean isKey) {
            CONFIGURATIONS.add(config);
        }

        @Override
        public byte[] serialize(String topic, Object record) {
            return new byte[0];
        }
    }

    /** With the name, parent and getters of the one in Confluent's client. */
    public static final class RestClientException extends IOException {

        private final int status;
        private final int errorCode;

        RestClientException(int status, int errorCode) {
            super("answer " + status + "; error code: " + errorCode);
            this.status = status;
            this.errorCode = errorCode;
        }

        public int getStatus() {
            return status;
        }

        public int getErrorCode() {
            return errorCode;
        }
    }
}
