package dev.ncwrelay.delivery.channel.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class SubscriptionCountsTest {

    private static final List<String> KINDS = List.of("fcm", "kafka", "rabbitmq");
    private static final int DEVICES = 5;

    private final Map<String, List<String>> inForce = new ConcurrentHashMap<>();
    private final SubscriptionCounts counts =
            new SubscriptionCounts(device -> inForce.getOrDefault(device, List.of()).stream());

    @Test
    void kind_withoutSubscriptions_isZero() {
        assertThat(counts.of("fcm")).isZero();
    }

    @Test
    void totals_areTheSumOfAllDevices_afterAnyChanges() {
        var random = new Random(7);
        for (int change = 0; change < 2_000; change++) {
            changeAny(random);

            assertTotals();
        }
    }

    /** A subscription and an owner of one device change at once: each is visible before the device is counted again. */
    @Test
    void totals_areRight_afterConcurrentChanges() throws Exception {
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (long seed = 0; seed < 200; seed++) {
                var first = new Random(seed);
                var second = new Random(-seed - 1);
                var changes = new ArrayList<Callable<Void>>();
                for (var random : List.of(first, second)) {
                    changes.add(() -> {
                        for (int change = 0; change < 20; change++) {
                            changeAny(random);
                        }
                        return null;
                    });
                }
                for (var done : threads.invokeAll(changes)) {
                    done.get();
                }

                assertTotals();
            }
        }
    }

    private void changeAny(Random random) {
        var device = "device-" + random.nextInt(DEVICES);
        inForce.put(
                device,
                random.ints(random.nextInt(4), 0, KINDS.size())
                        .mapToObj(KINDS::get)
                        .toList());
        counts.update(device);
    }

    private void assertTotals() {
        for (var kind : KINDS) {
            assertThat(counts.of(kind))
                    .isEqualTo(inForce.values().stream()
                            .flatMap(List::stream)
                            .filter(kind::equals)
                            .count());
        }
    }
}
