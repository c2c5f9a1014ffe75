package dev.ncwrelay.testkit.simulator;

import dev.ncwrelay.testkit.http.Answer;
import dev.ncwrelay.testkit.http.Received;
import dev.ncwrelay.testkit.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Two operations of Fireblocks' REST API about wallets, as one who signs them for a backend serves them: a new wallet, and
 * the latest backup of one. Nothing is backed up here, so a backup is what a caller has set.
 */
final class WalletControl {
    private static final String WALLETS = "/simulator/wallets";
    private static final String BACKUP = WALLETS + "/{walletId}/backup/latest";
    private static final int KEPT = 1_000;

    private final Map<String, SetBackupRequest> backups = new LinkedHashMap<>();

    /** A backup as Fireblocks describes it. */
    record SetBackupRequest(String passphraseId, long createdAt, List<BackedUpKey> keys) {

        SetBackupRequest {
            keys = keys == null ? List.of() : List.copyOf(keys);
        }
    }

    /** A key of it. */
    record BackedUpKey(String deviceId, String publicKey, String keyId, String algorithm) {}

    List<Route> routes() {
        return List.of(
                Control.route("POST", WALLETS, WalletControl::create),
                Control.route("PUT", BACKUP, this::setBackup),
                Control.route("GET", BACKUP, this::backup));
    }

    /** The same Idempotency-Key gets the same wallet. */
    private static Answer create(Received received) {
        var id = received.header("Idempotency-Key")
                .map(key -> UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)))
                .orElseGet(UUID::randomUUID);
        var wallet = new LinkedHashMap<String, Object>();
        wallet.put("walletId", id.toString());
        wallet.put("enabled", true);
        return Answer.json(201, wallet);
    }

    private synchronized Answer setBackup(Received received) {
        backups.put(received.variable("walletId"), Control.request(SetBackupRequest.class, received));
        if (backups.size() > KEPT) {
            backups.remove(backups.keySet().iterator().next());
        }
        return Control.noContent();
    }

    private synchronized Answer backup(Received received) {
        var found = backups.get(received.variable("walletId"));
        if (found != null) {
            return Answer.json(200, found);
        }
        // The form of the NCW documentation's page on API errors.
        var problem = new LinkedHashMap<String, Object>();
        problem.put("error", "Not Found");
        problem.put("message", "no backup of this wallet has been set");
        return Answer.json(404, problem);
    }
}
