package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.request.RequestKey;
import java.util.Map;

/**
 * What the owners before left of one partition.
 *
 * @param progress as last committed
 * @param answered the offsets of the replies that are on the log, to recent requests and to those that the progress
 *     leaves open: of the newest 50,000, so a request whose reply lies behind more of them counts as not answered
 * @param repliesEnd the offset behind all replies that were read
 */
public record HandoverState(PartitionProgress progress, Map<RequestKey, Long> answered, long repliesEnd) {

    /** Nothing was ever done, or is known. */
    public static HandoverState none() {
        return new HandoverState(PartitionProgress.at(0), Map.of(), 0);
    }
}
