package dev.ncwrelay.delivery.rpc.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.delivery.rpc.call.FairLookupQueue.AddResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FairLookupQueueTest {

    private final ArrayDeque<Runnable> readers = new ArrayDeque<>();
    private final List<String> run = new ArrayList<>();

    @Test
    void userWithMany_delaysOthersByOneLookup() {
        // Given
        var queue = new FairLookupQueue(readers::add, 1, 8, 64);
        for (int id = 0; id < 8; id++) {
            assertThat(queue.add("greedy", () -> run.add("greedy"))).isEqualTo(AddResult.ADDED);
        }

        // When
        assertThat(queue.add("other", () -> run.add("other"))).isEqualTo(AddResult.ADDED);
        readers.forEach(Runnable::run);

        // Then
        assertThat(run).hasSize(9).startsWith("greedy", "other", "greedy");
    }

    @Test
    void lookup_thatFails_costsNoReader() {
        var queue = new FairLookupQueue(readers::add, 1, 8, 64);
        queue.add("one", () -> {
            throw new StackOverflowError();
        });
        queue.add("two", () -> run.add("two"));

        assertThatThrownBy(() -> readers.poll().run()).isInstanceOf(StackOverflowError.class);
        queue.add("three", () -> run.add("three"));
        while (!readers.isEmpty()) {
            readers.poll().run();
        }

        assertThat(run).containsExactly("two", "three");
    }

    @Test
    void lookups_areBoundedByUserAndInAll() {
        var queue = new FairLookupQueue(readers::add, 1, 2, 3);

        assertThat(queue.add("one", () -> {})).isEqualTo(AddResult.ADDED);
        assertThat(queue.add("one", () -> {})).isEqualTo(AddResult.ADDED);
        assertThat(queue.add("one", () -> {})).isEqualTo(AddResult.USER_FULL);
        assertThat(queue.add("two", () -> {})).isEqualTo(AddResult.ADDED);
        assertThat(queue.add("three", () -> {})).isEqualTo(AddResult.FULL);
        readers.poll().run();
        assertThat(queue.add("three", () -> {})).isEqualTo(AddResult.ADDED);
    }

    @Test
    void everyLookupThatIsTaken_runsOnce_whateverTheOrder() {
        for (long seed = 0; seed < 200; seed++) {
            // Given
            var random = new Random(seed);
            var queue = new FairLookupQueue(readers::add, 2, 4, 16);
            var taken = new HashMap<String, Integer>();
            run.clear();

            // When
            for (int step = 0; step < 60; step++) {
                if (random.nextInt(3) == 0 && !readers.isEmpty()) {
                    readers.poll().run();
                } else {
                    var user = "user-" + random.nextInt(4);
                    if (queue.add(user, () -> run.add(user)) == AddResult.ADDED) {
                        taken.merge(user, 1, Integer::sum);
                    }
                }
            }
            while (!readers.isEmpty()) {
                readers.poll().run();
            }

            // Then
            taken.forEach((user, count) ->
                    assertThat(run.stream().filter(user::equals)).hasSize(count));
        }
    }
}
