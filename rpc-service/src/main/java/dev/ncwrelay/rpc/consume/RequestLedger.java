package dev.ncwrelay.rpc.consume;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.ncwrelay.rpc.request.RequestKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which requests of one partition are being carried out or were answered lately, so that one that is on the log twice
 * is called once. Clients ask again under the same id, on another node perhaps; the one reply is for all who ask.
 *
 * <p>Safe for use by many threads.
 */
final class RequestLedger {

    /** About 10 MB a partition; what is forgotten early can only be called twice if it is asked for twice. */
    private static final int MOST_ANSWERED = 50_000;

    private final Map<RequestKey, List<Long>> running = new HashMap<>();
    private final Cache<RequestKey, Boolean> answered;

    /** What to do with a record. */
    enum Admission {
        /** To be carried out. */
        FIRST,

        /** Finished when the record before it is. */
        JOINED,

        /** Its reply is on the log. */
        ANSWERED
    }

    RequestLedger(Set<RequestKey> answeredBefore, Duration memory) {
        this.answered = Caffeine.newBuilder()
                .expireAfterWrite(memory)
                .maximumSize(MOST_ANSWERED)
                .build();
        answeredBefore.forEach(request -> answered.put(request, true));
    }

    synchronized Admission admit(RequestKey request, long offset) {
        if (answered.getIfPresent(request) != null) {
            return Admission.ANSWERED;
        }
        var offsets = running.get(request);
        if (offsets != null) {
            offsets.add(offset);
            return Admission.JOINED;
        }
        running.put(request, new ArrayList<>(List.of(offset)));
        return Admission.FIRST;
    }

    /**
     * The request's reply is on the log.
     *
     * @return the offsets of the records that are finished by it
     */
    synchronized List<Long> answered(RequestKey request) {
        answered.put(request, true);
        var offsets = running.remove(request);
        return offsets == null ? List.of() : offsets;
    }
}
