package dev.ncwrelay.channel.forward;

import dev.ncwrelay.channel.forward.Progress.Active;
import dev.ncwrelay.channel.forward.Progress.Behind;
import dev.ncwrelay.channel.subscription.Subscription;
import dev.ncwrelay.schemas.ChannelKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The progress of the subscriptions of a partition, and which of it is to be stored. Finds those that are behind without a
 * look at all others.
 */
final class ProgressTable {

    private final StateStore states;
    private final Map<ChannelKey, Progress> all = new HashMap<>();
    private final Set<ChannelKey> behind = new HashSet<>();
    private final Set<ChannelKey> unsaved = new LinkedHashSet<>();
    private volatile int behindCount;

    /** @param stored the stored progress */
    ProgressTable(StateStore states, Collection<Progress> stored) {
        this.states = states;
        stored.forEach(this::put);
    }

    @Nullable
    Progress get(ChannelKey key) {
        return all.get(key);
    }

    /** The progress of this subscription; that of a new one begins now. */
    Progress of(Subscription subscription, Instant now) {
        var known = all.get(subscription.key());
        if (known != null && known.subscription().id().equals(subscription.id())) {
            return known;
        }
        var begin = Behind.begin(subscription, subscription.eventsFrom(), false, now);
        put(begin);
        // It is stored when its channel is opened and those of former subscriptions, of which the store knows, are
        // closed.
        unsaved.remove(subscription.key());
        return begin;
    }

    /** Replaces the progress of its subscription in memory. */
    void put(Progress progress) {
        var key = progress.subscription().key();
        all.put(key, progress);
        var _ = progress instanceof Behind ? behind.add(key) : behind.remove(key);
        behindCount = behind.size();
    }

    /** Replaces it, here and, by the next {@link #save}, in the store. */
    void putAndStore(Progress progress) {
        put(progress);
        unsaved.add(progress.subscription().key());
    }

    /** What became of an event, unless its subscription has ended meanwhile. An acceptance alone need not be stored. */
    void sent(Message message, SendOutcome outcome, Instant now) {
        var before = all.get(message.subscription().key());
        if (before == null
                || !before.subscription().id().equals(message.subscription().id())) {
            return;
        }
        var after = before.sent(message.event().offset(), outcome, now);
        if (outcome instanceof SendOutcome.Accepted) {
            put(after);
        } else {
            putAndStore(after);
        }
    }

    /** What is not forwarded because a subscription seems to have ended is caught up with, should it be in force again. */
    void suspend(ChannelKey key, long offset, Instant now) {
        if (all.get(key) instanceof Active active && offset >= active.next()) {
            putAndStore(Behind.begin(active.subscription(), offset, true, now));
        }
    }

    /** Forgets a subscription that has ended, here and in the store. */
    void remove(ChannelKey key) {
        all.remove(key);
        behind.remove(key);
        unsaved.remove(key);
        behindCount = behind.size();
        // Last: if it fails, a subscription that is in force again begins anew, as its channel is closed.
        states.remove(key);
    }

    /** Stores what has to be; what cannot be stored is tried again with the next call. */
    void save() {
        if (unsaved.isEmpty()) {
            return;
        }
        states.save(unsaved.stream()
                .flatMap(key -> Optional.ofNullable(all.get(key)).stream())
                .toList());
        unsaved.clear();
    }

    /** Those that are behind and are to be tried by now, the one that waits longest first. */
    Map<ChannelKey, Behind> due(Instant now) {
        var due = new LinkedHashMap<ChannelKey, Behind>();
        behind.stream()
                .flatMap(key -> all.get(key) instanceof Behind entry ? Stream.of(entry) : Stream.empty())
                .filter(entry -> !entry.retryAt().isAfter(now))
                .sorted(Comparator.comparing(Behind::retryAt))
                .forEach(entry -> due.put(entry.subscription().key(), entry));
        return due;
    }

    /** The subscriptions whose progress is known here. */
    List<Subscription> subscriptions() {
        return all.values().stream().map(Progress::subscription).toList();
    }

    /** How many are behind; from any thread. */
    int behindCount() {
        return behindCount;
    }
}
