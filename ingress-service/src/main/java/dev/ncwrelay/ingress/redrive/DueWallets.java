package dev.ncwrelay.ingress.redrive;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Wallets whose kept events are due for delivery; above the maximum, all wallets are due. Safe for many threads. */
final class DueWallets {

    private final int max;
    private Set<String> wallets = new HashSet<>();
    private boolean all;

    DueWallets(int max) {
        this.max = max;
    }

    synchronized void add(String walletId) {
        if (!all && wallets.add(walletId) && wallets.size() > max) {
            all = true;
            wallets = new HashSet<>();
        }
    }

    /** Removes and returns the due wallets; empty when all wallets are due. */
    synchronized Optional<Set<String>> take() {
        var taken = all ? Optional.<Set<String>>empty() : Optional.of(wallets);
        all = false;
        wallets = new HashSet<>();
        return taken;
    }
}
