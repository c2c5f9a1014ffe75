package dev.ncwrelay.channel.consume;

import dev.ncwrelay.kafka.connection.ClientFailure;
import java.util.Set;

/** Some partitions of a batch have failed, and everything else is committed. */
final class FailedPartitionsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Set<Integer> partitions;

    /** @param partitions whose records have to be read again */
    FailedPartitionsException(Set<Integer> partitions, RuntimeException cause) {
        super(ClientFailure.text(cause), cause);
        this.partitions = Set.copyOf(partitions);
    }

    Set<Integer> partitions() {
        return partitions;
    }
}
