package dev.ncwrelay.channel.consume;

/**
 * What is to be committed for a partition.
 *
 * @param succeeded called when it is, by the consumer's thread; never when it fails
 */
public record Commit(Offsets offsets, Runnable succeeded) {

    /** Nobody has to know when it succeeds. */
    public Commit(Offsets offsets) {
        this(offsets, () -> {});
    }
}
