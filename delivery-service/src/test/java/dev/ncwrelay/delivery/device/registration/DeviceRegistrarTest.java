package dev.ncwrelay.delivery.device.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.web.ErrorResponseException;

/** Nodes that register devices concurrently, on one topic that each reads at its own speed. */
class DeviceRegistrarTest {

    private static final String DEVICE = "device";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final List<Device> log = new ArrayList<>();
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();
    private final Random random = new Random(7);
    private long events = 100;

    @Test
    void concurrentRegistrations_convergeOnAllNodes_andNoTwoOwnersShareAnEpoch() {
        for (long seed = 0; seed < 500; seed++) {
            // Given
            log.clear();
            random.setSeed(seed);
            var nodes = List.of(new Node(), new Node(), new Node());
            var asked = new ArrayList<CompletableFuture<DeviceRegistrar.RegistrationResult>>();

            // When
            for (int step = 0; step < 12; step++) {
                events++;
                var wanted = wanted("user-" + random.nextInt(3), null);
                asked.add(nodes.get(random.nextInt(nodes.size())).register(wanted, Optional.empty()));
                for (int left = random.nextInt(12); left > 0 && !due.isEmpty(); left--) {
                    runAny();
                }
            }
            while (!due.isEmpty()) {
                runAny();
            }

            // Then
            assertThat(asked).as("seed %d", seed).allMatch(CompletableFuture::isDone);
            var late = new Node();
            nodes.forEach(node -> node.readUpTo(0, log.size()));
            late.readUpTo(0, log.size());
            for (var node : nodes) {
                assertThat(node.find(DEVICE)
                                .orElseThrow()
                                .isSameOwnership(late.find(DEVICE).orElseThrow()))
                        .isTrue();
            }
            var owners = new HashMap<Long, String>();
            for (var written : log) {
                assertThat(owners.putIfAbsent(written.getEpoch(), written.getUserId()))
                        .as("seed %d", seed)
                        .isNull();
            }
            if (asked.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
                assertThat(late.find(DEVICE).orElseThrow().conflicting())
                        .as("seed %d: the last was made with all others in sight", seed)
                        .isNull();
            }
            // An ownership's events start no earlier than those of the previous one.
            for (int at = 1; at < log.size(); at++) {
                if (log.get(at).getBasedOn() == log.get(at - 1).getEpoch()) {
                    assertThat(log.get(at).getEventsFrom())
                            .isGreaterThanOrEqualTo(log.get(at - 1).getEventsFrom());
                }
            }
        }
    }

    /** As users do, who register devices themselves: nobody takes a device from its first owner. */
    @Test
    void concurrentRegistrationsOfANewDevice_leaveItToTheFirst() {
        for (long seed = 0; seed < 500; seed++) {
            // Given
            log.clear();
            random.setSeed(seed);
            var nodes = List.of(new Node(), new Node(), new Node());
            var asked = new ArrayList<CompletableFuture<DeviceRegistrar.RegistrationResult>>();

            // When
            for (int step = 0; step < 12; step++) {
                var wanted = wanted("user-" + random.nextInt(3), null);
                asked.add(nodes.get(random.nextInt(nodes.size())).registerIfAbsent(wanted));
                for (int left = random.nextInt(12); left > 0 && !due.isEmpty(); left--) {
                    runAny();
                }
            }
            while (!due.isEmpty()) {
                runAny();
            }

            // Then
            var first = log.getFirst().getUserId();
            var late = new Node();
            late.readUpTo(0, log.size());
            assertThat(late.find(DEVICE).orElseThrow().userId())
                    .as("seed %d", seed)
                    .isEqualTo(first);
            assertThat(asked).as("seed %d", seed).allMatch(CompletableFuture::isDone);
            assertThat(asked.stream()
                            .filter(one -> !one.isCompletedExceptionally())
                            .map(one -> one.join().device().userId()))
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .containsOnly(first);
        }
    }

    @Test
    void deviceOfAnotherUser_isNotChanged_byWhoRegistersNewDevicesOnly() {
        var behind = new Node();
        runAll(new Node().register(wanted("anna", null), Optional.empty()));

        var kept = runAll(behind.registerIfAbsent(wanted("bert", null)));

        assertThat(kept.isNew()).isFalse();
        assertThat(kept.device().userId()).isEqualTo("anna");
        assertThat(log).hasSize(1);
    }

    @Test
    void repeatedRegistration_writesNothing() {
        var node = new Node();
        var first = runAll(node.register(wanted("anna", null), Optional.empty()));

        var again = runAll(node.register(wanted("anna", null), Optional.empty()));

        assertThat(first.isNew()).isTrue();
        assertThat(again.isNew()).isFalse();
        assertThat(again.device().epoch()).isEqualTo(first.device().epoch());
        assertThat(log).hasSize(1);
    }

    @Test
    void confirmedRegistration_isVisibleToTheNextNode() {
        var behind = new Node();
        runAll(new Node().register(wanted("anna", null), Optional.empty()));
        runAll(new Node().register(wanted("bert", null), Optional.empty()));

        var back = runAll(behind.register(wanted("anna", null), Optional.empty()));

        assertThat(back.isNew()).isFalse();
        assertThat(back.device().userId()).isEqualTo("anna");
        assertThat(log).hasSize(3);
        assertThat(log.get(2).getEpoch()).isGreaterThan(log.get(1).getEpoch());
    }

    @Test
    void firstOwner_receivesEarlierEvents_laterOwnersDoNot() {
        var node = new Node();

        assertThat(runAll(node.register(wanted("anna", null), Optional.empty()))
                        .device()
                        .eventsFrom())
                .isEqualTo(-1);
        assertThat(runAll(node.register(wanted("bert", null), Optional.empty()))
                        .device()
                        .eventsFrom())
                .isEqualTo(events);
    }

    @Test
    void deviceOfAnotherTenant_isNotChanged() {
        var node = new Node();
        runAll(node.register(wanted("anna", "one"), Optional.of("one")));

        var taking = node.register(wanted("bert", "two"), Optional.of("two"));

        assertThatThrownBy(() -> runAll(taking)).satisfies(DeviceRegistrarTest::isForbidden);
        assertThat(log).hasSize(1);
    }

    @Test
    void deviceOfATenantThatWasFirst_isRestored() {
        // Given
        var one = new Node();
        var two = new Node();
        var first = one.register(wanted("anna", "one"), Optional.of("one"));
        var second = two.register(wanted("bert", "two"), Optional.of("two"));

        // When
        assertThatThrownBy(() -> runAll(second)).satisfies(DeviceRegistrarTest::isForbidden);

        // Then
        assertThat(first.join().device().userId()).isEqualTo("anna");
        var late = new Node();
        late.readUpTo(0, log.size());
        assertThat(late.find(DEVICE)).hasValueSatisfying(device -> {
            assertThat(device.userId()).isEqualTo("anna");
            assertThat(device.tenant()).isEqualTo("one");
        });
    }

    private void runAny() {
        var ready = new ArrayList<>(due);
        var one = ready.get(random.nextInt(ready.size()));
        due.remove(one);
        one.run();
    }

    /** In the order in which all became due. */
    private DeviceRegistrar.RegistrationResult runAll(CompletableFuture<DeviceRegistrar.RegistrationResult> asked) {
        while (!due.isEmpty()) {
            due.poll().run();
        }
        return asked.join();
    }

    private static Registration.ValidRegistration wanted(String user, @Nullable String tenant) {
        return new Registration.ValidRegistration("wallet-of-" + user, user, tenant);
    }

    private static void isForbidden(Throwable failure) {
        assertThat(failure).isInstanceOf(CompletionException.class);
        assertThat(failure.getCause())
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        problem -> assertThat(problem.getStatusCode().value()).isEqualTo(403));
    }

    /** A node: what it has read of the topic, and its registrar. */
    private final class Node implements DeviceRegistrar.RegistrationStore {

        private final Map<String, RegisteredDevice> known = new HashMap<>();
        private final DeviceRegistrar registering = new DeviceRegistrar(this, _ -> end(), CLOCK, random, due::add);
        private int read;

        CompletableFuture<DeviceRegistrar.RegistrationResult> register(
                Registration.ValidRegistration wanted, Optional<String> tenant) {
            return registering.register(DEVICE, wanted, tenant);
        }

        CompletableFuture<DeviceRegistrar.RegistrationResult> registerIfAbsent(Registration.ValidRegistration wanted) {
            return registering.registerIfAbsent(DEVICE, wanted, Optional.empty());
        }

        private CompletableFuture<DeviceRegistrar.EndOffsets> end() {
            var coming = new CompletableFuture<DeviceRegistrar.EndOffsets>();
            due.add(() -> coming.complete(new DeviceRegistrar.EndOffsets(log.size(), events)));
            return coming;
        }

        @Override
        public int partitionOf(String deviceId) {
            return 0;
        }

        @Override
        public boolean readUpTo(int partition, long end) {
            // It may have read further than required.
            int upTo = (int) end + random.nextInt((int) (log.size() - end) + 1);
            while (read < upTo) {
                var next = log.get(read++);
                var before = Optional.ofNullable(known.get(next.getDeviceId()));
                known.put(next.getDeviceId(), RegisteredDevice.of(next, before));
            }
            return true;
        }

        @Override
        public Optional<RegisteredDevice> find(String deviceId) {
            return Optional.ofNullable(known.get(deviceId));
        }

        @Override
        public boolean wasRemoved(String deviceId) {
            return false;
        }

        @Override
        public boolean isWalletOpenTo(String walletId, String tenant) {
            return true;
        }

        @Override
        public CompletableFuture<Long> write(Device device) {
            var coming = new CompletableFuture<Long>();
            due.add(() -> {
                log.add(device);
                coming.complete(log.size() - 1L);
            });
            return coming;
        }
    }
}
