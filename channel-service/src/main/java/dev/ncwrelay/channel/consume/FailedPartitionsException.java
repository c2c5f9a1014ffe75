package dev.ncwrelay.channel.consume;

import java.util.Set;
import org.apache.kafka.common.errors.ApiException;

/** Some partitions of a batch have failed, and everything else is committed. */
final class FailedPartitionsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Set<Integer> partitions;

    /** @param partitions whose records have to be read again */
    FailedPartitionsException(Set<Integer> partitions, RuntimeException cause) {
        super(cause instanceof ApiException ? cause.toString() : cause.getMessage(), cause);
        this.partitions = Set.copyOf(partitions);
    }

    Set<Integer> partitions() {
        return partitions;
    }
}
