package dev.ncwrelay.bench.system;

import dev.ncwrelay.bench.http.Request;
import dev.ncwrelay.bench.screen.Screen;
import dev.ncwrelay.testkit.fireblocks.FakeFireblocks;
import dev.ncwrelay.testkit.samples.WebhookBody;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Webhooks that are signed before they are needed: a signature takes milliseconds of a processor, which the system
 * that is measured shares with its load. Each goes to one device, in turn, and says in its id which one of them it is.
 */
public final class SignedWebhooks {

    private static final String PATH = "/webhooks/fireblocks";
    private static final String EVENT = "{event}";
    private static final String WALLET = "{wallet}";
    private static final String TRANSACTION = "{transaction}";

    /**
     * Created now, as Fireblocks' webhooks are. One that was created before a node began to read may be a repetition, and so the node
     * asks its mailbox first.
     */
    private final String template = new String(
            WebhookBody.v2("transaction.status.updated")
                    .id(EVENT)
                    .walletId(WALLET)
                    .transactionId(TRANSACTION)
                    .createdAt(Instant.now())
                    .bytes(),
            StandardCharsets.UTF_8);

    private final long run = UUID.randomUUID().getMostSignificantBits();
    private final List<Device> devices;
    private final List<Request> requests;

    public SignedWebhooks(FakeFireblocks fireblocks, List<Device> devices, int count, Screen screen) {
        this.devices = List.copyOf(devices);
        var done = new AtomicInteger();
        try (var _ = screen.watch(() -> done + " of " + count + " webhooks signed")) {
            this.requests = IntStream.range(0, count)
                    .parallel()
                    .mapToObj(index -> {
                        var body = body(index);
                        var request = Request.post(PATH, fireblocks.webhooks().sign(body), body);
                        done.incrementAndGet();
                        return request;
                    })
                    .toList();
        }
    }

    public Request request(int index) {
        return requests.get(index);
    }

    public int count() {
        return requests.size();
    }

    /** The body of a webhook, made again. */
    public byte[] body(int index) {
        return template.replace(EVENT, new UUID(run, index).toString())
                .replace(WALLET, devices.get(index % devices.size()).walletId())
                .replace(TRANSACTION, new UUID(index, run).toString())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Which of these webhooks has this id, if one has. */
    public OptionalInt indexOf(String eventId) {
        try {
            var id = UUID.fromString(eventId);
            return id.getMostSignificantBits() == run
                    ? OptionalInt.of((int) id.getLeastSignificantBits())
                    : OptionalInt.empty();
        } catch (IllegalArgumentException e) {
            return OptionalInt.empty();
        }
    }
}
