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

    private static final String NOBODY = "nobody who keeps the backlog of this device can be asked";
    private static final String UNREADABLE = "the backlog of this device cannot be read without the schema registry";

    /** The longest id a webhook can have is far shorter. */
    private static final int MAX_ID = 200;

    /** Ids of one question: they are part of its path. */
    private static final int IDS_AT_ONCE = 20;

    private final Copies copies;
    private final Asking asking;
    private final Decoding decoding;

    /** The copies of this node, and who has others. */
    interface Copies {

        /** What this node's own copy of the device's mailbox has; empty when it has none. */
        Optional<StoredPage> read(MailboxQuery query);

        /** The other nodes that have a copy, the one that writes first. */
        List<HostInfo> others(String deviceId);
    }

    /** A question to another node; empty when it cannot answer. */
    public interface Asking {
        Optional<StoredPage> ask(HostInfo host, MailboxQuery query);
    }

    /** Reads what is kept; empty while it cannot be read. */
    public interface Decoding {
        Optional<Event> decode(String deviceId, StoredEvent stored);
    }

    public MailboxRouter(Copies copies, Asking asking, Decoding decoding) {
        this.copies = copies;
        this.asking = asking;
        this.decoding = decoding;
    }

    @Override
    public Read read(String deviceId, From from, long needed) {
        return switch (ask(new MailboxQuery.Events(deviceId, from), needed)) {
            case null -> new Read.Away(NOBODY);
            case StoredPage.Gone(boolean trimmed, long earliest) -> new Read.Gone(trimmed, earliest);
            case StoredPage.Places _, StoredPage.Outlines _ -> new Read.Away(NOBODY);
            case StoredPage.Found found -> {
                var events = decode(found, deviceId);
                yield events.size() < found.events().size()
                        ? new Read.Away(UNREADABLE)
                        : new Read.Page(events, found.upTo(), found.more());
            }
        };
    }

    @Override
    public Transactions transactions(String deviceId, long since, long needed) {
        var page = ask(new MailboxQuery.Transactions(deviceId, since), needed);
        if (!(page instanceof StoredPage.Found found) || found.upTo() < needed) {
            return new Transactions.Away(NOBODY);
        }
        var events = decode(found, deviceId);
        if (events.size() < found.events().size()) {
            return new Transactions.Away(UNREADABLE);
        }
        return new Transactions.Known(
                events.stream()
                        .flatMap(event -> TransactionUpdate.of(event).stream())
                        .toList(),
                found.upTo());
    }

    @Override
    public Places places(String deviceId, Set<String> eventIds, long needed) {
        var ids = eventIds.stream().filter(id -> id.length() <= MAX_ID).toList();
        var offsets = new HashMap<String, Long>();
        for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
            var some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
            var page = ask(new MailboxQuery.Places(deviceId, Set.copyOf(some)), needed);
            if (!(page instanceof StoredPage.Places(var found, var _)) || !reaches(page, needed)) {
                return new Places.Away(NOBODY);
            }
            offsets.putAll(found);
        }
        return new Places.Known(offsets);
    }

    @Override
    public Outlines outlines(String deviceId, long after, long needed) {
        return switch (ask(new MailboxQuery.Outlines(deviceId, after), needed)) {
            case StoredPage.Gone(var _, long earliest) -> new Outlines.Gone(earliest);
            case StoredPage.Outlines page when !reaches(page, needed) -> new Outlines.Away(NOBODY);
            case StoredPage.Outlines(var outlines, var _, boolean more)
            when more && outlines.isEmpty() -> new Outlines.Away(UNREADABLE);
            case StoredPage.Outlines(var outlines, long upTo, boolean more) -> new Outlines.Known(outlines, upTo, more);
            case null, default -> new Outlines.Away(NOBODY);
        };
    }

    /** The page that reaches furthest, or null when there is none. */
    private @Nullable StoredPage ask(MailboxQuery query, long needed) {
        var best = copies.read(query).orElse(null);
        if (best != null && reaches(best, needed)) {
            return best;
        }
        for (var host : copies.others(query.deviceId())) {
            var answer = asking.ask(host, query).orElse(null);
            best = answer == null ? best : answer;
            if (answer != null && reaches(answer, needed)) {
                return answer;
            }
        }
        return best;
    }

    private static boolean reaches(StoredPage page, long needed) {
        return switch (page) {
            case StoredPage.Found found -> found.more() || found.upTo() >= needed;
            case StoredPage.Places(var _, long upTo) -> upTo >= needed;
            case StoredPage.Outlines(var _, long upTo, boolean more) -> more || upTo >= needed;
            case StoredPage.Gone _ -> true;
        };
    }

    /** The events, up to the first that cannot be read. */
    private List<Event> decode(StoredPage.Found page, String deviceId) {
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
