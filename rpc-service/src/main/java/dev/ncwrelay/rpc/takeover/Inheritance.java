package dev.ncwrelay.rpc.takeover;

import dev.ncwrelay.rpc.progress.Progress;
import dev.ncwrelay.rpc.request.RequestKey;
import java.util.Map;

/**
 * What the owners before left of one partition.
 *
 * @param progress as last committed
 * @param answered the offsets of the replies that are on the log: to the recent requests, and to all that the progress
 *     leaves open
 * @param repliesEnd the offset behind all replies that were read
 */
public record Inheritance(Progress progress, Map<RequestKey, Long> answered, long repliesEnd) {

    /** Nothing was ever done, or is known. */
    public static Inheritance none() {
        return new Inheritance(Progress.at(0), Map.of(), 0);
    }
}
