package dev.ncwrelay.delivery.device.registration;

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
 *   <li>A registration that changes the device's user, tenant or wallet begins a new ownership with a higher epoch,
 *       which receives the events from now on. One that changes nothing writes nothing.
 *   <li>The registrations are read up to the end of the topic before the decision, so one that any node has confirmed
 *       is never missed.
 *   <li>Of concurrent registrations, on any nodes, the last one in the topic is valid. No two share an epoch, and the
 *       one that was written without knowledge of the other is written again after it.
 *   <li>Of concurrent {@linkplain #registerIfAbsent registrations of a new device}, the first one is valid.
 * </ol>
 */
public final class DeviceRegistrar {

    /** Retries after concurrent registrations of one device. */
    private static final int MAX_ATTEMPTS = 10;

    /** Epochs are milliseconds followed by this many random bits. */
    private static final int RANDOM_BITS = 20;

    private final RegistrationStore registrations;
    private final EndOffsetSource ends;
    private final Clock clock;
    private final RandomGenerator random;
    private final Executor workers;

    /** The registrations, as far as this node has read them. */
    interface RegistrationStore {

        int partitionOf(String deviceId);

        /** Waits until this node has read all records before this offset; false after a timeout. */
        boolean readUpTo(int partition, long end);

        Optional<RegisteredDevice> find(String deviceId);

        /** True for a device that was registered and removed. */
        boolean wasRemoved(String deviceId);

        /** True when no device of the wallet belongs to another tenant. */
        boolean isWalletOpenTo(String walletId, String tenant);

        /** Writes the registration and returns its offset. */
        CompletableFuture<Long> write(Device device);
    }

    /** The end offsets of a partition in both topics: of the next registration and the next event. */
    record EndOffsets(long registrations, long events) {}

    /** Looks up the end offsets. */
    interface EndOffsetSource {

        CompletableFuture<EndOffsets> of(int partition);
    }

    /** The result; {@code isNew} when the device was not registered before. */
    public record RegistrationResult(RegisteredDevice device, boolean isNew) {}

    /**
     * What is asked for.
     *
     * @param tenant the only tenant whose devices may be changed; empty for any
     * @param onlyIfAbsent whether a registration that came first stays, whoever's it is
     */
    private record Order(
            String deviceId, Registration.ValidRegistration wanted, Optional<String> tenant, boolean onlyIfAbsent) {

        boolean isFor(RegisteredDevice device) {
            return device.belongsTo(wanted.userId(), wanted.tenant(), wanted.walletId());
        }
    }

    /** Creates it; {@code workers} may block. */
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
     * Registers the device; completes when it is stored and visible on this node.
     *
     * @param tenant the only tenant whose devices may be changed; empty for any
     * @return fails with the problem for the response
     */
    public CompletableFuture<RegistrationResult> register(
            String deviceId, Registration.ValidRegistration wanted, Optional<String> tenant) {
        return attempt(new Order(deviceId, wanted, tenant, false), false, MAX_ATTEMPTS);
    }

    /**
     * Registers the device unless it is registered, and then returns that registration, of whichever user and wallet. Of
     * several at once, on any nodes, the first one in the topic stays.
     *
     * @param tenant the only tenant whose wallets may be joined; empty for any
     * @return fails with the problem for the response
     */
    public CompletableFuture<RegistrationResult> registerIfAbsent(
            String deviceId, Registration.ValidRegistration wanted, Optional<String> tenant) {
        return attempt(new Order(deviceId, wanted, tenant, true), false, MAX_ATTEMPTS);
    }

    /** The device as of now, whichever node has registered it; fails with the problem for the response. */
    public CompletableFuture<Optional<RegisteredDevice>> find(String deviceId) {
        return upToDate(deviceId).thenApply(_ -> registrations.find(deviceId));
    }

    private CompletableFuture<RegistrationResult> attempt(Order order, boolean isNew, int attempts) {
        return upToDate(order.deviceId()).thenCompose(end -> decide(order, isNew, attempts, end));
    }

    /** Reads all registrations that any node has confirmed; returns the ends of the topics before that. */
    private CompletableFuture<EndOffsets> upToDate(String deviceId) {
        int partition = registrations.partitionOf(deviceId);
        return ends.of(partition)
                .thenApplyAsync(
                        end -> {
                            if (!registrations.readUpTo(partition, end.registrations())) {
                                throw Problem.unavailable("this node has not loaded all registrations yet");
                            }
                            return end;
                        },
                        workers);
    }

    private CompletableFuture<RegistrationResult> decide(Order order, boolean isNew, int attempts, EndOffsets end) {
        var wanted = order.wanted();
        var tenant = order.tenant();
        var before = registrations.find(order.deviceId());
        var crossed = before.map(RegisteredDevice::conflicting);
        if (order.onlyIfAbsent()) {
            var first = before.map(DeviceRegistrar::first).filter(found -> !order.isFor(found));
            if (first.isPresent()) {
                return keep(first.get(), order, before, end);
            }
        }
        if (tenant.isPresent()) {
            var foreign = crossed.filter(first -> !tenant.get().equals(first.tenant()));
            if (foreign.isPresent() && order.isFor(before.get())) {
                // A concurrent registration of another tenant came first: restore it.
                return write(next(foreign.get(), before, end)).thenCompose(_ -> failed(foreignTenant()));
            }
            require(tenant.get(), wanted, before);
        }
        if (crossed.isEmpty() && before.filter(order::isFor).isPresent()) {
            return CompletableFuture.completedFuture(new RegistrationResult(before.get(), isNew));
        }
        if (attempts == 0) {
            return failed(Problem.unavailable("concurrent registrations of this device"));
        }
        var registering = next(order.deviceId(), wanted, before, end);
        return write(registering)
                .thenComposeAsync(
                        offset -> {
                            if (!registrations.readUpTo(registrations.partitionOf(order.deviceId()), offset + 1)) {
                                throw Problem.unavailable(
                                        "the registration is stored but not visible on this node yet");
                            }
                            var seen = registrations.find(order.deviceId());
                            boolean isMine = seen.filter(found -> found.epoch() == registering.getEpoch())
                                    .isPresent();
                            boolean wasNew = isNew || before.isEmpty();
                            boolean hasCrossed =
                                    seen.map(RegisteredDevice::conflicting).isPresent();
                            return hasCrossed && (isMine || order.onlyIfAbsent())
                                    ? attempt(order, wasNew, attempts - 1)
                                    : CompletableFuture.completedFuture(
                                            new RegistrationResult(seen.orElseThrow(DeviceRegistrar::removed), wasNew));
                        },
                        workers);
    }

    /** The first registration stays; the one of this order, if it has replaced that, is undone. */
    private CompletableFuture<RegistrationResult> keep(
            RegisteredDevice first, Order order, Optional<RegisteredDevice> before, EndOffsets end) {
        var kept = new RegistrationResult(first, false);
        return before.filter(order::isFor).isPresent()
                ? write(next(first, before, end)).thenApply(_ -> kept)
                : CompletableFuture.completedFuture(kept);
    }

    /** Of registrations that have crossed, the one that came first. */
    private static RegisteredDevice first(RegisteredDevice device) {
        var first = device;
        for (var earlier = first.conflicting(); earlier != null; earlier = earlier.conflicting()) {
            first = earlier;
        }
        return first;
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
        // From the clock, so that it also grows across a removal; with random bits, so that no two nodes choose the
        // same.
        long epoch = Math.max(known + 1, now.toEpochMilli() << RANDOM_BITS) + random.nextInt(1 << RANDOM_BITS);
        // The first owner also receives events from before the registration.
        boolean isFirst = before.isEmpty() && !registrations.wasRemoved(deviceId);
        // The previous registration may have been written after the end offset was read.
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
