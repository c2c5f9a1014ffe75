package dev.ncwrelay.channel.consume;

/**
 * What is to be committed for a partition.
 *
 * @param succeeded called when it is, by the consumer's thread; never when it fails
 */
public record Commit(Offsets offsets, Runnable succeeded) {

    /** Without an action on success. */
    public Commit(Offsets offsets) {
        this(offsets, () -> {});
    }
}
