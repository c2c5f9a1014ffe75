package dev.ncwrelay.channel.forward;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaStateStoreTest {

    private final List<Integer> written = new ArrayList<>();

    /** Kafka's producer waits seconds for its brokers with each record, while the partition waits. */
    @Test
    void statesAfterOneThatFailsAtOnce_areNotTried() {
        assertThatThrownBy(() -> KafkaStateStore.writeAll(List.of(1, 2, 3, 4), state -> {
                    written.add(state);
                    return state < 2 ? completedFuture(state) : failedFuture(new IllegalStateException("away"));
                }))
                .hasMessage("state not stored: away");

        assertThat(written).containsExactly(1, 2);
    }

    @Test
    void states_areWrittenTogether() {
        KafkaStateStore.writeAll(List.of(1, 2, 3), state -> {
            written.add(state);
            return completedFuture(state);
        });

        assertThat(written).containsExactly(1, 2, 3);
    }
}
