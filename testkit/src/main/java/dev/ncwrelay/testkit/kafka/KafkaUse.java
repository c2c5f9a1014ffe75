package dev.ncwrelay.testkit.kafka;

/** Whether tests may start Kafka and the registry: a run of the fast tests alone leaves those out that need them. */
final class KafkaUse {

    private static final String WITHOUT = "relay.test.without-kafka";

    private KafkaUse() {}

    static void check() {
        if (Boolean.getBoolean(WITHOUT)) {
            throw new IllegalStateException(
                    "this run is without Kafka (" + WITHOUT + "): a test class that uses it needs @Tag(\"kafka\")");
        }
    }
}
