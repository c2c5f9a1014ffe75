package dev.ncwrelay.delivery.mailbox;

import dev.ncwrelay.delivery.feed.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Finds who holds a device's mailbox, and asks: this node's own copy first, then the others'. An answer counts only if
 * it reaches as far as is needed, or has more to give.
 */
final class Mailboxes implements Backlog {

    private final Copies copies;
    private final Asking asking;
    private final Decoding decoding;

    /** The copies of this node, and who has others. */
    interface Copies {

        /** What this node's own copy of the device's mailbox has; empty when it has none. */
        Optional<StoredPage> read(PeerQuery query);

        /** The other nodes that have a copy, the one that writes first. */
        List<HostInfo> others(String deviceId);
    }

    /** A question to another node; empty when it cannot answer. */
    interface Asking {
        Optional<StoredPage> ask(HostInfo host, PeerQuery query);
    }

    /** Reads what is kept; empty while it cannot be read. */
    interface Decoding {
        Optional<Event> decode(String deviceId, StoredEvent stored);
    }

    Mailboxes(Copies copies, Asking asking, Decoding decoding) {
        this.copies = copies;
        this.asking = asking;
        this.decoding = decoding;
    }

    @Override
    public Read read(String deviceId, From from, long needed) {
        var query = new PeerQuery(deviceId, from);
        var best = copies.read(query);
        if (best.isEmpty() || !reaches(best.get(), needed)) {
            for (var host : copies.others(deviceId)) {
                var answer = asking.ask(host, query);
                if (answer.isPresent()) {
                    best = answer;
                    if (reaches(answer.get(), needed)) {
                        break;
                    }
                }
            }
        }
        return best.map(page -> decode(page, deviceId))
                .orElseGet(() -> new Read.Away("nobody who keeps the backlog of this device can be asked"));
    }

    private static boolean reaches(StoredPage page, long needed) {
        return switch (page) {
            case StoredPage.Found found -> found.more() || found.upTo() >= needed;
            case StoredPage.Gone _ -> true;
        };
    }

    private Read decode(StoredPage page, String deviceId) {
        return switch (page) {
            case StoredPage.Gone(boolean trimmed, long earliest) -> new Read.Gone(trimmed, earliest);
            case StoredPage.Found found -> {
                var events = new ArrayList<Event>();
                for (var stored : found.events()) {
                    var event = decoding.decode(deviceId, stored);
                    if (event.isEmpty()) {
                        yield new Read.Away("the backlog of this device cannot be read without the schema registry");
                    }
                    events.add(event.get());
                }
                yield new Read.Page(events, found.upTo(), found.more());
            }
        };
    }
}
