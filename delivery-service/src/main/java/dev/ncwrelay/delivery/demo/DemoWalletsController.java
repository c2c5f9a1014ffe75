package dev.ncwrelay.delivery.demo;

import dev.ncwrelay.delivery.demo.user.Passphrases;
import dev.ncwrelay.delivery.demo.wallet.WalletBackup;
import dev.ncwrelay.delivery.demo.wallet.Wallets;
import dev.ncwrelay.devices.RegisteredDevice;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The demo backend's wallets: those of the user's devices, and their latest backups.
 *
 * @see <a href="https://github.com/fireblocks/ncw-backend-demo/blob/main/src/services/wallet.service.ts">the demo's
 *     service</a>
 */
@RestController
@ConditionalOnBooleanProperty("relay.delivery.demo-api.enabled")
class DemoWalletsController {

    private final DemoUsers users;
    private final Wallets wallets;
    private final Passphrases passphrases;

    DemoWalletsController(DemoUsers users, Wallets wallets, Passphrases passphrases) {
        this.users = users;
        this.wallets = wallets;
        this.passphrases = passphrases;
    }

    /** A wallet of the user. */
    record DemoWallet(String walletId) {}

    /** In the order of their first devices. */
    record DemoWallets(List<DemoWallet> wallets) {}

    /**
     * The latest backup of a wallet's keys.
     *
     * @param location where the user keeps the passphrase
     * @param createdAt as Fireblocks has it, in epoch milliseconds
     */
    record LatestBackup(String passphraseId, String location, long createdAt, String deviceId) {}

    @GetMapping("/api/wallets")
    DemoWallets findAll(Authentication caller) {
        return new DemoWallets(users.devicesOf(users.user(caller)).stream()
                .map(RegisteredDevice::walletId)
                .distinct()
                .map(DemoWallet::new)
                .toList());
    }

    @GetMapping("/api/wallets/{walletId}/backup/latest")
    CompletableFuture<LatestBackup> latestBackup(@PathVariable String walletId, Authentication caller) {
        var user = users.user(caller);
        var member = users.memberOf(walletId, user);
        return wallets.latestBackup(member.walletId())
                .thenApply(WalletProblems::found)
                .thenApply(backup -> described(backup, user));
    }

    private LatestBackup described(WalletBackup backup, String user) {
        var location = passphrases
                .find(user, backup.passphraseId())
                .orElseThrow(() -> WalletProblems.noBackup("the location of the backup's passphrase is not known"))
                .getLocation();
        return new LatestBackup(backup.passphraseId(), location, backup.createdAt(), backup.deviceId());
    }
}
