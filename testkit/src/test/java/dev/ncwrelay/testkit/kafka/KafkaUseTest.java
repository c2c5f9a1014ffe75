package dev.ncwrelay.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** It has no tag, and starts nothing. */
class KafkaUseTest {

    @Test
    void start_byATestWithoutTheTag_fails() {
        assertThatIllegalStateException()
                .isThrownBy(SharedStack::get)
                .withMessage("KafkaUseTest uses Kafka or the registry and needs @Tag(\"kafka\")");
        assertThatIllegalStateException().isThrownBy(LocalKafka::start);
        assertThatIllegalStateException().isThrownBy(LocalRegistry::start);
    }
}
