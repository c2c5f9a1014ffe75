package dev.ncwrelay.rpc.takeover;

import dev.ncwrelay.rpc.progress.Progress;
import dev.ncwrelay.rpc.request.RequestKey;
import java.util.Set;

/**
 * What the owners before left of one partition.
 *
 * @param progress as last committed
 * @param answered requests with a reply on the log: the recent ones, and all that the progress leaves open
 */
public record Inheritance(Progress progress, Set<RequestKey> answered) {

    /** Nothing was ever done, or is known. */
    public static Inheritance none() {
        return new Inheritance(Progress.at(0), Set.of());
    }
}
