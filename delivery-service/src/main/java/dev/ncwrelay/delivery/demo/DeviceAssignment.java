package dev.ncwrelay.delivery.demo;

import dev.ncwrelay.delivery.demo.wallet.Wallets;
import dev.ncwrelay.delivery.device.registration.DeviceRegistrar;
import dev.ncwrelay.delivery.device.registration.Registration;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Gives a user's device a wallet: a new one, or one that the user has. A device that is registered keeps its wallet and
 * its user.
 */
final class DeviceAssignment {

    private final DeviceRegistrar registrar;
    private final DemoUsers users;
    private final Wallets wallets;

    DeviceAssignment(DeviceRegistrar registrar, DemoUsers users, Wallets wallets) {
        this.registrar = registrar;
        this.users = users;
        this.wallets = wallets;
    }

    /**
     * The wallet of the device; a new one when it has none.
     *
     * @param tenant that the user's token is bound to
     */
    CompletableFuture<String> assign(String deviceId, String user, Optional<String> tenant) {
        return registrar
                .find(deviceId)
                .thenCompose(known -> known.map(device -> CompletableFuture.completedFuture(
                                owned(device, user).walletId()))
                        .orElseGet(() -> assignNew(deviceId, user, tenant)));
    }

    /** The wallet, which the device now belongs to; a wallet of the user. */
    CompletableFuture<String> join(String deviceId, String walletId, String user, Optional<String> tenant) {
        return registrar.find(deviceId).thenCompose(known -> {
            if (known.isPresent()) {
                return CompletableFuture.completedFuture(inWallet(walletId, owned(known.get(), user)));
            }
            // Its tenant, so that the same account of Fireblocks is used.
            var member = users.memberOf(walletId, user);
            users.requireRoom(user);
            return register(deviceId, walletId, user, member.tenant(), tenant)
                    .thenApply(device -> inWallet(walletId, device));
        });
    }

    private CompletableFuture<String> assignNew(String deviceId, String user, Optional<String> tenant) {
        users.requireRoom(user);
        return wallets.create(idempotencyKey(deviceId, user))
                .thenApply(answer -> users.requireOwn(WalletProblems.found(answer), user))
                .thenCompose(walletId -> register(deviceId, walletId, user, tenant.orElse(null), tenant))
                .thenApply(RegisteredDevice::walletId);
    }

    private CompletableFuture<RegisteredDevice> register(
            String deviceId, String walletId, String user, @Nullable String ofTenant, Optional<String> tenant) {
        var wanted = new Registration(walletId, user, ofTenant).checked(deviceId);
        return registrar.registerIfAbsent(deviceId, wanted, tenant).thenApply(result -> owned(result.device(), user));
    }

    private static RegisteredDevice owned(RegisteredDevice device, String user) {
        if (!device.userId().equals(user)) {
            throw Problem.foreignDevice();
        }
        return device;
    }

    private static String inWallet(String walletId, RegisteredDevice device) {
        if (!device.walletId().equals(walletId)) {
            throw Problem.of(
                    HttpStatus.CONFLICT,
                    "other-wallet",
                    "Device belongs to another wallet",
                    "a device that has no wallet yet, or this one, is expected",
                    Map.of());
        }
        return walletId;
    }

    /** The same for each attempt, so that a repeated one creates no second wallet: a UUID (RFC 9562 section 5.8). */
    private static String idempotencyKey(String deviceId, String user) {
        // Prefixed with the length, so that two different pairs never have the same encoding.
        var name = deviceId.length() + ":" + deviceId + user;
        try {
            var hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
            long high = (hash.getLong() & ~0xF000L) | 0x8000L;
            long low = (hash.getLong() & ~(0b11L << 62)) | 0x8000_0000_0000_0000L;
            return new UUID(high, low).toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
