package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Finds who holds a device's mailbox, and asks: this node's own copy first, then the others'. An answer counts only if
 * it reaches as far as is needed, or has more to give.
 */
public final class MailboxRouter implements Backlog, TransactionBacklog, MessageIndex {

    private static final String NO_REPLICA = "nobody who keeps the backlog of this device can be asked";
    private static final String UNREADABLE = "the backlog of this device cannot be read without the schema registry";

    /** The longest id a webhook can have is far shorter. */
    private static final int MAX_ID_LENGTH = 200;

    /** Ids of one question: they are part of its path. */
    private static final int MAX_IDS_PER_QUERY = 20;

    private final LocalCopies copies;
    private final PeerRequests asking;
    private final EventDecoder decoding;

    /** The copies of this node, and who has others. */
    interface LocalCopies {

        /** What this node's own copy of the device's mailbox has; empty when it has none. */
        Optional<StoredPage> read(MailboxQuery query);

        /** The other nodes that have a copy, the one that writes first. */
        List<HostInfo> others(String deviceId);
    }

    /** A question to another node; empty when it cannot answer. */
    public interface PeerRequests {
        Optional<StoredPage> queryReplicas(HostInfo host, MailboxQuery query);
    }

    /** Reads what is kept; empty while it cannot be read. */
    public interface EventDecoder {
        Optional<Event> decode(String deviceId, StoredEvent stored);
    }

    public MailboxRouter(LocalCopies copies, PeerRequests asking, EventDecoder decoding) {
        this.copies = copies;
        this.asking = asking;
        this.decoding = decoding;
    }

    @Override
    public Read read(String deviceId, From from, long needed) {
        return switch (queryReplicas(new MailboxQuery.Events(deviceId, from), needed)) {
            case null -> new Read.Unavailable(NO_REPLICA);
            case StoredPage.Gone(boolean trimmed, long earliest) -> new Read.Gone(trimmed, earliest);
            case StoredPage.Offsets _, StoredPage.Metadata _ -> new Read.Unavailable(NO_REPLICA);
            case StoredPage.Events found -> {
                var events = decode(found, deviceId);
                yield events.size() < found.events().size()
                        ? new Read.Unavailable(UNREADABLE)
                        : new Read.Page(events, found.upTo(), found.more());
            }
        };
    }

    @Override
    public Transactions transactions(String deviceId, long since, long needed) {
        var page = queryReplicas(new MailboxQuery.Transactions(deviceId, since), needed);
        if (!(page instanceof StoredPage.Events found) || found.upTo() < needed) {
            return new Transactions.Unavailable(NO_REPLICA);
        }
        var events = decode(found, deviceId);
        if (events.size() < found.events().size()) {
            return new Transactions.Unavailable(UNREADABLE);
        }
        return new Transactions.Known(
                events.stream()
                        .flatMap(event -> TransactionUpdate.of(event).stream())
                        .toList(),
                found.upTo());
    }

    @Override
    public Offsets offsetsOf(String deviceId, Set<String> eventIds, long needed) {
        var ids = eventIds.stream().filter(id -> id.length() <= MAX_ID_LENGTH).toList();
        var offsets = new HashMap<String, Long>();
        for (int from = 0; from < ids.size(); from += MAX_IDS_PER_QUERY) {
            var some = ids.subList(from, Math.min(ids.size(), from + MAX_IDS_PER_QUERY));
            var page = queryReplicas(new MailboxQuery.Offsets(deviceId, Set.copyOf(some)), needed);
            if (!(page instanceof StoredPage.Offsets(var found, var _)) || !reaches(page, needed)) {
                return new Offsets.Unavailable(NO_REPLICA);
            }
            offsets.putAll(found);
        }
        return new Offsets.Known(offsets);
    }

    @Override
    public MetadataPage metadata(String deviceId, long after, long needed) {
        return switch (queryReplicas(new MailboxQuery.Metadata(deviceId, after), needed)) {
            case StoredPage.Gone(var _, long earliest) -> new MetadataPage.Gone(earliest);
            case StoredPage.Metadata page when !reaches(page, needed) -> new MetadataPage.Unavailable(NO_REPLICA);
            case StoredPage.Metadata(var outlines, var _, boolean more)
            when more && outlines.isEmpty() -> new MetadataPage.Unavailable(UNREADABLE);
            case StoredPage.Metadata(var outlines, long upTo, boolean more) ->
                new MetadataPage.Known(outlines, upTo, more);
            case null, default -> new MetadataPage.Unavailable(NO_REPLICA);
        };
    }

    /** The page that reaches furthest, or null when there is none. */
    private @Nullable StoredPage queryReplicas(MailboxQuery query, long needed) {
        var best = copies.read(query).orElse(null);
        if (best != null && reaches(best, needed)) {
            return best;
        }
        for (var host : copies.others(query.deviceId())) {
            var answer = asking.queryReplicas(host, query).orElse(null);
            best = answer == null ? best : answer;
            if (answer != null && reaches(answer, needed)) {
                return answer;
            }
        }
        return best;
    }

    private static boolean reaches(StoredPage page, long needed) {
        return switch (page) {
            case StoredPage.Events found -> found.more() || found.upTo() >= needed;
            case StoredPage.Offsets(var _, long upTo) -> upTo >= needed;
            case StoredPage.Metadata(var _, long upTo, boolean more) -> more || upTo >= needed;
            case StoredPage.Gone _ -> true;
        };
    }

    /** The events, up to the first that cannot be read. */
    private List<Event> decode(StoredPage.Events page, String deviceId) {
        var events = new ArrayList<Event>();
        for (var stored : page.events()) {
            var event = decoding.decode(deviceId, stored);
            if (event.isEmpty()) {
                break;
            }
            events.add(event.get());
        }
        return events;
    }
}
