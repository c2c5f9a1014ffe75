package dev.ncwrelay.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {

    private static final long MEGABYTE = 1024 * 1024;
    private static final long MAX = 8 * MEGABYTE;

    private final BodyBudget budget = new BodyBudget(MAX, Runnable::run);
    private final List<String> shed = new ArrayList<>();

    /** A body that only has a name. */
    private final class Named implements BodyBudget.Holder {
        private final String name;

        private Named(String name) {
            this.name = name;
        }

        @Override
        public void evict() {
            shed.add(name);
        }

        @Override
        public void requireRate(long nanos, long windowNanos, long minBytes) {}
    }

    @Test
    void reserve_limitsLargeBodiesToThreeQuarters() {
        assertThat(budget.open(new Named("a"), 6 * MEGABYTE)).isTrue();

        assertThat(budget.open(new Named("b"), MEGABYTE)).isFalse();
        assertThat(budget.open(new Named("c"), 4096)).isTrue();
        assertThat(shed).isEmpty();
    }

    @Test
    void reserve_evictsTheLargestArrivingBodyForASmallOne() {
        // Given no room, and the largest body complete
        var complete = new Named("complete");
        assertThat(budget.open(complete, 4 * MEGABYTE)).isTrue();
        assertThat(budget.complete(complete)).isTrue();
        assertThat(budget.open(new Named("large"), 2 * MEGABYTE)).isTrue();
        fillSmall();

        // When
        assertThat(budget.open(new Named("new"), 4096)).isTrue();

        // Then
        assertThat(shed).containsExactly("large");
        assertThat(budget.used()).isLessThanOrEqualTo(MAX);
    }

    @Test
    void reserve_evictsOnlyLargerBodies() {
        fillSmall();

        assertThat(budget.open(new Named("new"), BodyBudget.MAX_SMALL_BYTES)).isFalse();
        assertThat(shed).isEmpty();
    }

    @Test
    void reserve_ofAnEvictedBody_fails() {
        var large = new Named("large");
        assertThat(budget.open(large, 5 * MEGABYTE)).isTrue();
        fillSmall();
        assertThat(budget.open(new Named("new"), 4096)).isTrue();
        assertThat(shed).containsExactly("large");

        assertThat(budget.reserve(large, 1)).isFalse();
        assertThat(budget.complete(large)).isFalse();
    }

    @Test
    void end_releasesAllBytes() {
        var body = new Named("body");
        assertThat(budget.open(body, 1000)).isTrue();
        assertThat(budget.reserve(body, 500)).isTrue();
        budget.release(body, 200);
        assertThat(budget.used()).isEqualTo(1300);

        budget.end(body);
        budget.end(body);

        assertThat(budget.used()).isZero();
        assertThat(budget.size()).isZero();
    }

    private void fillSmall() {
        int number = 0;
        while (budget.used() + BodyBudget.MAX_SMALL_BYTES <= MAX) {
            assertThat(budget.open(new Named("filling-" + number++), BodyBudget.MAX_SMALL_BYTES))
                    .isTrue();
        }
    }
}
