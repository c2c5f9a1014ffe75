package dev.ncwrelay.delivery.demo;

import dev.ncwrelay.delivery.demo.user.DemoApiSettings;
import dev.ncwrelay.delivery.demo.user.UserDevices;
import dev.ncwrelay.delivery.device.registration.Registration;
import dev.ncwrelay.delivery.limit.DeviceRateLimiter;
import dev.ncwrelay.delivery.problem.Problem;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.web.ErrorResponseException;

/** Who calls, and what is theirs: a user sees no device and no wallet of another one. */
final class DemoUsers {

    /** No device id has a blank. */
    private static final String RATE_KEY = "user ";

    private final UserDevices devices;
    private final DeviceRateLimiter rateLimiter;
    private final int devicesPerUser;

    DemoUsers(UserDevices devices, DeviceRateLimiter rateLimiter, DemoApiSettings settings) {
        this.devices = devices;
        this.rateLimiter = rateLimiter;
        this.devicesPerUser = settings.devicesPerUser();
    }

    /** The user of this token; counts the request against the user's rate limit, which is that of a device. */
    String user(Authentication caller) {
        var user = Optional.ofNullable(caller.getName()).filter(Registration::isUserId);
        if (user.isEmpty()) {
            throw Problem.badRequest("a token whose subject has 1 to 256 characters is expected");
        }
        if (!rateLimiter.tryAcquire(RATE_KEY + user.get())) {
            throw Problem.tooFast();
        }
        return user.get();
    }

    List<RegisteredDevice> devicesOf(String user) {
        return devices.of(user);
    }

    /** A device of this user in this wallet; 404 when there is none, whether or not the wallet exists. */
    RegisteredDevice memberOf(String walletId, String user) {
        return devices.of(user).stream()
                .filter(device -> device.walletId().equals(walletId))
                .findFirst()
                .orElseThrow(DemoUsers::unknownWallet);
    }

    /** 409 when the user can register no further device. Concurrent requests may exceed the limit a little. */
    void requireRoom(String user) {
        if (devices.of(user).size() >= devicesPerUser) {
            throw Problem.of(
                    HttpStatus.CONFLICT,
                    "too-many-devices",
                    "Too many devices of this user",
                    "a user may register devices while there are fewer than " + devicesPerUser,
                    Map.of("limit", devicesPerUser));
        }
    }

    /** The new wallet; fails when it has a device of another user: a wrong answer must not open that wallet to this user. */
    String requireOwn(String walletId, String user) {
        if (devices.isOfOthers(walletId, user)) {
            throw WalletProblems.failed("a wallet that another user has");
        }
        return walletId;
    }

    private static ErrorResponseException unknownWallet() {
        return Problem.of(
                HttpStatus.NOT_FOUND,
                "unknown-wallet",
                "Wallet not found",
                "a wallet that has a device of this user is expected",
                Map.of());
    }
}
