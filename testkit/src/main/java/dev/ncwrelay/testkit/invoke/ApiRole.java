package dev.ncwrelay.testkit.invoke;

/** The roles of API users for embedded wallets; only the signer may invoke. */
public enum ApiRole {
    NCW_ADMIN,
    NCW_SIGNER
}
