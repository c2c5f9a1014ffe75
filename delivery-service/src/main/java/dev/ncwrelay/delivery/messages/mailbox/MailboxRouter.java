package dev.ncwrelay.delivery.messages.mailbox;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.Page;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.feed.TransactionUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Queries a device's mailbox: this node's copy first, then the other nodes', until one has read far enough. A page
 * counts only if it reaches the required offset, or if the replica has more events.
 */
public final class MailboxRouter implements Backlog, TransactionBacklog, MessageIndex {

    private static final String NO_REPLICA = "no node that stores this device's backlog is reachable";
    private static final String UNREADABLE =
            "the backlog of this device cannot be read while the schema registry is unavailable";

    /** Webhook ids are much shorter; longer ones cannot exist. */
    private static final int MAX_ID_LENGTH = 200;

    /** Maximum number of ids in one query: they are part of its path. */
    private static final int MAX_IDS_PER_QUERY = 20;

    private final LocalCopies copies;
    private final PeerRequests peers;
    private final EventDecoder decoder;

    /** This node's copies, and the nodes that have others. */
    interface LocalCopies {

        /** Queries this node's copy of the device's mailbox; empty when it has none. */
        Optional<StoredPage> read(MailboxQuery query);

        /** The other nodes that have a copy; the active one first. */
        List<HostInfo> others(String deviceId);
    }

    /** Queries another node; empty when it cannot answer. */
    public interface PeerRequests {
        Optional<StoredPage> query(HostInfo host, MailboxQuery query);
    }

    /** Decodes a stored event; empty while that is not possible. */
    public interface EventDecoder {
        Optional<Event> decode(String deviceId, StoredEvent stored);
    }

    public MailboxRouter(LocalCopies copies, PeerRequests peers, EventDecoder decoder) {
        this.copies = copies;
        this.peers = peers;
        this.decoder = decoder;
    }

    @Override
    public Read read(String deviceId, StartPosition from, long minOffset) {
        return switch (queryReplicas(new MailboxQuery.Events(deviceId, from), minOffset)) {
            case null -> new Read.Unavailable(NO_REPLICA);
            case StoredPage.Gone(boolean trimmed, long earliest) -> new Read.Gone(trimmed, earliest);
            case StoredPage.Offsets _, StoredPage.Metadata _ -> new Read.Unavailable(NO_REPLICA);
            case StoredPage.Events found -> {
                var events = decode(found, deviceId);
                yield events.size() < found.events().size()
                        ? new Read.Unavailable(UNREADABLE)
                        : new Read.Found(new Page(events, found.upTo(), found.more()));
            }
        };
    }

    @Override
    public Transactions transactions(String deviceId, long since, long minOffset) {
        var page = queryReplicas(new MailboxQuery.Transactions(deviceId, since), minOffset);
        if (!(page instanceof StoredPage.Events found) || found.upTo() < minOffset) {
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
    public Offsets offsetsOf(String deviceId, Set<String> eventIds, long minOffset) {
        var ids = eventIds.stream().filter(id -> id.length() <= MAX_ID_LENGTH).toList();
        var offsets = new HashMap<String, Long>();
        for (int from = 0; from < ids.size(); from += MAX_IDS_PER_QUERY) {
            var some = ids.subList(from, Math.min(ids.size(), from + MAX_IDS_PER_QUERY));
            var page = queryReplicas(new MailboxQuery.Offsets(deviceId, Set.copyOf(some)), minOffset);
            if (!(page instanceof StoredPage.Offsets(var found, var _)) || !reaches(page, minOffset)) {
                return new Offsets.Unavailable(NO_REPLICA);
            }
            offsets.putAll(found);
        }
        return new Offsets.Known(offsets);
    }

    @Override
    public MetadataPage metadata(String deviceId, long after, long minOffset) {
        return switch (queryReplicas(new MailboxQuery.Metadata(deviceId, after), minOffset)) {
            case StoredPage.Gone(var _, long earliest) -> new MetadataPage.Gone(earliest);
            case StoredPage.Metadata page when !reaches(page, minOffset) -> new MetadataPage.Unavailable(NO_REPLICA);
            case StoredPage.Metadata(var messages, var _, boolean more)
            when more && messages.isEmpty() -> new MetadataPage.Unavailable(UNREADABLE);
            case StoredPage.Metadata(var messages, long upTo, boolean more) ->
                new MetadataPage.Known(messages, upTo, more);
            case null, default -> new MetadataPage.Unavailable(NO_REPLICA);
        };
    }

    /** The first page that reaches far enough, else the last one received; null when there is none. */
    private @Nullable StoredPage queryReplicas(MailboxQuery query, long minOffset) {
        var best = copies.read(query).orElse(null);
        if (best != null && reaches(best, minOffset)) {
            return best;
        }
        for (var host : copies.others(query.deviceId())) {
            var page = peers.query(host, query).orElse(null);
            best = page == null ? best : page;
            if (page != null && reaches(page, minOffset)) {
                return page;
            }
        }
        return best;
    }

    private static boolean reaches(StoredPage page, long minOffset) {
        return switch (page) {
            case StoredPage.Events found -> found.more() || found.upTo() >= minOffset;
            case StoredPage.Offsets(var _, long upTo) -> upTo >= minOffset;
            case StoredPage.Metadata(var _, long upTo, boolean more) -> more || upTo >= minOffset;
            case StoredPage.Gone _ -> true;
        };
    }

    /** The events, up to the first that cannot be decoded. */
    private List<Event> decode(StoredPage.Events page, String deviceId) {
        var events = new ArrayList<Event>();
        for (var stored : page.events()) {
            var event = decoder.decode(deviceId, stored);
            if (event.isEmpty()) {
                break;
            }
            events.add(event.get());
        }
        return events;
    }
}
