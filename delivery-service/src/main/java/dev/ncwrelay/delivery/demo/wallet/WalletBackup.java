package dev.ncwrelay.delivery.demo.wallet;

/**
 * The latest backup of a wallet's keys, as Fireblocks describes it.
 *
 * @param passphraseId names the passphrase that the keys are encrypted with
 * @param createdAt in epoch milliseconds
 * @param deviceId the device of the first key
 */
public record WalletBackup(String passphraseId, long createdAt, String deviceId) {}
