package dev.ncwrelay.delivery.device;

import dev.ncwrelay.avro.Device;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Writes registrations.
 *
 * <ol>
 *   <li>A registration that changes the device's user, tenant or wallet begins a new ownership: its epoch is higher
 *       than all before, and its events are those that come from now on. One that changes nothing writes nothing.
 *   <li>What is registered so far is read up to the end of the log before it is decided upon, so a registration that
 *       was answered anywhere is never missed.
 *   <li>Of registrations that are written at the same time, on whatever nodes, the last on the log stands. No two
 *       share an epoch, and the one that was made without knowledge of the other is made again on top of it.
 * </ol>
 */
final class DeviceRegistrar {

    /** Registrations of one device that cross again and again. */
    private static final int MAX_ATTEMPTS = 10;

    /** Epochs are milliseconds with these many bits of chance behind them. */
    private static final int RANDOM_BITS = 20;

    private final RegistrationStore registrations;
    private final EndOffsetSource ends;
    private final Clock clock;
    private final RandomGenerator random;
    private final Executor workers;

    /** What is registered, as far as this node has read. */
    interface RegistrationStore {

        int partitionOf(String deviceId);

        /** Waits until all before this offset is known here; false when it takes too long. */
        boolean readUpTo(int partition, long end);

        Optional<RegisteredDevice> find(String deviceId);

        /** True for a device that was registered and removed. */
        boolean wasRemoved(String deviceId);

        /** True when no device of the wallet belongs to another tenant. */
        boolean isWalletOpenTo(String walletId, String tenant);

        /** Where it was written, itself excluded. */
        CompletableFuture<Long> write(Device device);
    }

    /** Where the two topics end now in a partition: offsets of the next registration and the next event. */
    record EndOffsets(long registrations, long events) {}

    /** Asks where they end. */
    interface EndOffsetSource {

        CompletableFuture<EndOffsets> of(int partition);
    }

    /** What came of it; {@code isNew} when the device was not known before. */
    record RegistrationResult(RegisteredDevice device, boolean isNew) {}

    /** Creates it; {@code workers} may wait. */
    DeviceRegistrar(
            RegistrationStore registrations,
            EndOffsetSource ends,
            Clock clock,
            RandomGenerator random,
            Executor workers) {
        this.registrations = registrations;
        this.ends = ends;
        this.clock = clock;
        this.random = random;
        this.workers = workers;
    }

    /**
     * Registers the device; done when it is durable and known here.
     *
     * @param tenant the tenant whose devices alone may be touched; empty for any
     * @return fails with the problem to answer
     */
    CompletableFuture<RegistrationResult> register(
            String deviceId, Registration.ValidRegistration wanted, Optional<String> tenant) {
        return attempt(deviceId, wanted, tenant, false, MAX_ATTEMPTS);
    }

    private CompletableFuture<RegistrationResult> attempt(
            String deviceId,
            Registration.ValidRegistration wanted,
            Optional<String> tenant,
            boolean isNew,
            int attempts) {
        int partition = registrations.partitionOf(deviceId);
        return ends.of(partition)
                .thenComposeAsync(
                        end -> {
                            if (!registrations.readUpTo(partition, end.registrations())) {
                                throw Problem.unavailable("this node has not loaded all registrations yet");
                            }
                            return decide(deviceId, wanted, tenant, isNew, attempts, end);
                        },
                        workers);
    }

    private CompletableFuture<RegistrationResult> decide(
            String deviceId,
            Registration.ValidRegistration wanted,
            Optional<String> tenant,
            boolean isNew,
            int attempts,
            EndOffsets end) {
        var before = registrations.find(deviceId);
        var crossed = before.map(RegisteredDevice::conflicting);
        if (tenant.isPresent()) {
            var foreign = crossed.filter(first -> !tenant.get().equals(first.tenant()));
            if (foreign.isPresent() && before.get().belongsTo(wanted.userId(), wanted.tenant(), wanted.walletId())) {
                // Taken without knowledge from a tenant that was first: given back.
                return write(next(foreign.get(), before, end)).thenCompose(_ -> failed(foreignTenant()));
            }
            require(tenant.get(), wanted, before);
        }
        if (crossed.isEmpty()
                && before.filter(known -> known.belongsTo(wanted.userId(), wanted.tenant(), wanted.walletId()))
                        .isPresent()) {
            return CompletableFuture.completedFuture(new RegistrationResult(before.get(), isNew));
        }
        if (attempts == 0) {
            return failed(Problem.unavailable("concurrent registrations of this device"));
        }
        var registering = next(deviceId, wanted, before, end);
        return write(registering)
                .thenComposeAsync(
                        offset -> {
                            if (!registrations.readUpTo(registrations.partitionOf(deviceId), offset + 1)) {
                                throw Problem.unavailable(
                                        "the registration is stored but not visible on this node yet");
                            }
                            var seen = registrations.find(deviceId);
                            boolean isMine = seen.filter(found -> found.epoch() == registering.getEpoch())
                                    .isPresent();
                            boolean wasNew = isNew || before.isEmpty();
                            return isMine && seen.get().conflicting() != null
                                    ? attempt(deviceId, wanted, tenant, wasNew, attempts - 1)
                                    : CompletableFuture.completedFuture(
                                            new RegistrationResult(seen.orElseThrow(DeviceRegistrar::removed), wasNew));
                        },
                        workers);
    }

    private CompletableFuture<Long> write(Device device) {
        return registrations.write(device);
    }

    private Device next(RegisteredDevice owner, Optional<RegisteredDevice> before, EndOffsets end) {
        var wanted = new Registration.ValidRegistration(owner.walletId(), owner.userId(), owner.tenant());
        return next(owner.deviceId(), wanted, before, end);
    }

    private Device next(
            String deviceId, Registration.ValidRegistration wanted, Optional<RegisteredDevice> before, EndOffsets end) {
        var now = clock.instant();
        long known = before.map(RegisteredDevice::epoch).orElse(0L);
        // By the clock, so that it grows across a removal too; by chance, so that no two nodes come to the same.
        long epoch = Math.max(known + 1, now.toEpochMilli() << RANDOM_BITS) + random.nextInt(1 << RANDOM_BITS);
        // The first owner of a device also gets what was sent to it before it was registered.
        boolean isFirst = before.isEmpty() && !registrations.wasRemoved(deviceId);
        // What is based on may have been written after the end was asked for.
        long begin =
                Math.max(end.events(), before.map(RegisteredDevice::eventsFrom).orElse(-1L));
        return new Device(
                deviceId,
                wanted.walletId(),
                wanted.userId(),
                wanted.tenant(),
                before.map(RegisteredDevice::registeredAt).orElse(now),
                now,
                epoch,
                known,
                isFirst ? -1 : begin);
    }

    private void require(String tenant, Registration.ValidRegistration wanted, Optional<RegisteredDevice> before) {
        if (!isOf(tenant, wanted.tenant())
                || before.filter(known -> !isOf(tenant, known.tenant())).isPresent()
                || !registrations.isWalletOpenTo(wanted.walletId(), tenant)) {
            throw foreignTenant();
        }
    }

    private static boolean isOf(String tenant, @Nullable String other) {
        return tenant.equals(other);
    }

    private static RuntimeException foreignTenant() {
        return Problem.foreignTenant(
                "the device, those of its wallet and what it is registered for must be of the token's tenant");
    }

    private static RuntimeException removed() {
        return Problem.unavailable("the device was removed concurrently");
    }

    private static <T> CompletableFuture<T> failed(RuntimeException problem) {
        return CompletableFuture.failedFuture(problem);
    }
}
