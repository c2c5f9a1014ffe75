package dev.ncwrelay.rpc.partition;

import dev.ncwrelay.rpc.request.RequestKey;
import java.util.Map;

/**
 * State of a partition left by its previous owners.
 *
 * @param progress as last committed
 * @param answered the offsets of the replies to recent requests and to those that the progress leaves unfinished, the
 *     newest last. Only the newest 50,000 are kept: a request with an older reply counts as not answered.
 * @param repliesEnd the offset after all replies that were read
 */
public record HandoverState(PartitionProgress progress, Map<RequestKey, Long> answered, long repliesEnd) {

    /** No progress and no replies. */
    public static HandoverState none() {
        return new HandoverState(PartitionProgress.at(0), Map.of(), 0);
    }
}
