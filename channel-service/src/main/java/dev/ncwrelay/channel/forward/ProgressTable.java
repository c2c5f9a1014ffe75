package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The progress of the subscriptions of a partition; finds those that are behind without a look at all others. */
final class ProgressTable {

    private final Map<ChannelKey, Progress> all = new HashMap<>();
    private final Set<ChannelKey> behind = new HashSet<>();
    private volatile int behindCount;

    @Nullable
    Progress get(ChannelKey key) {
        return all.get(key);
    }

    void put(Progress progress) {
        var key = progress.subscription().key();
        all.put(key, progress);
        var _ = progress instanceof Behind ? behind.add(key) : behind.remove(key);
        behindCount = behind.size();
    }

    void remove(ChannelKey key) {
        all.remove(key);
        behind.remove(key);
        behindCount = behind.size();
    }

    /** Those that are behind and are to be tried by now. */
    Map<ChannelKey, Behind> due(Instant now) {
        var due = new LinkedHashMap<ChannelKey, Behind>();
        for (var key : behind) {
            if (all.get(key) instanceof Behind entry && !entry.retryAt().isAfter(now)) {
                due.put(key, entry);
            }
        }
        return due;
    }

    /** How many are behind; from any thread. */
    int behindCount() {
        return behindCount;
    }
}
