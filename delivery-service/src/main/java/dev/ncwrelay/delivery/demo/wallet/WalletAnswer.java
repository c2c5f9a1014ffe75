package dev.ncwrelay.delivery.demo.wallet;

/** What became of a request about a wallet. */
public sealed interface WalletAnswer<T> {

    record Found<T>(T value) implements WalletAnswer<T> {}

    /** 404: there is none. */
    record Missing<T>() implements WalletAnswer<T> {}

    /** No usable answer in time, or another status; {@code cause} is for people and holds no content of the answer. */
    record Failed<T>(String cause) implements WalletAnswer<T> {}

    /** This node's limit of such requests is reached. */
    record Busy<T>() implements WalletAnswer<T> {}

    /** No address is configured. */
    record NotConfigured<T>() implements WalletAnswer<T> {}
}
