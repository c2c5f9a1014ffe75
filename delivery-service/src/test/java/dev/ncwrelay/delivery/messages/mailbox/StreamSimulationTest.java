package dev.ncwrelay.delivery.messages.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.ReadLimit;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.stream.StreamRead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Clients that switch between nodes with a cursor, while rings evict, mailboxes lag, nodes die and webhooks are
 * repeated: each gets each of its messages once, in the order they were written.
 */
class StreamSimulationTest {

    private static final List<String> DEVICES = List.of("a", "b", "quiet");

    /** A client of one device, and all messages it has received. */
    private static final class Client {

        private final String deviceId;
        private final List<String> got = new ArrayList<>();
        private StartPosition from;

        private Client(String deviceId, StartPosition from) {
            this.deviceId = deviceId;
            this.from = from;
        }

        /** One poll of a random node; true when it received messages or has to poll again. */
        private boolean poll(SimulatedCluster cluster, Random random) {
            var limit = new ReadLimit(1 + random.nextInt(5), 1 + random.nextInt(400), _ -> true);
            return switch (cluster.anyNode().read(SimulatedCluster.device(deviceId), from, limit)) {
                case StreamRead.Found(var page) -> {
                    if (from instanceof StartPosition.After(long before)) {
                        assertThat(page.upTo()).as("the cursor never goes back").isGreaterThanOrEqualTo(before);
                    }
                    page.events().stream().map(Event::eventId).forEach(got::add);
                    from = new StartPosition.After(page.upTo());
                    yield page.more() || !page.events().isEmpty();
                }
                case StreamRead.Unavailable _ -> true;
                case StreamRead.Lost lost -> throw new AssertionError("nothing was ever let go of: " + lost);
                case StreamRead.OwnershipEnded _ -> throw new AssertionError("every device stays in the same hands");
            };
        }
    }

    @Property(tries = 3_000)
    void clients_getEverythingOnceAndInOrder(@ForAll long seed) {
        var random = new Random(seed);
        var cluster = new SimulatedCluster(random);
        Map<String, Map<String, Instant>> sent = new LinkedHashMap<>();
        DEVICES.forEach(device -> sent.put(device, new LinkedHashMap<>()));
        var clients = new ArrayList<Client>();
        for (var device : DEVICES) {
            clients.add(new Client(device, new StartPosition.After(-1)));
            clients.add(new Client(device, new StartPosition.Earliest()));
            clients.add(new Client(device, new StartPosition.SinceRegistration(SimulatedCluster.START)));
        }

        int steps = 50 + random.nextInt(200);
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(4)) {
                case 0 -> send(cluster, sent, random);
                case 1 -> clients.get(random.nextInt(clients.size())).poll(cluster, random);
                default -> cluster.step();
            }
        }
        cluster.settle();
        for (var client : clients) {
            int polls = 0;
            while (client.poll(cluster, random)) {
                assertThat(polls++).as("polls to the end").isLessThan(2_000);
            }
        }

        for (var client : clients) {
            assertThat(client.got)
                    .as("device %s", client.deviceId)
                    .containsExactlyElementsOf(
                            sent.getOrDefault(client.deviceId, Map.of()).keySet());
        }
    }

    /** A webhook, new or repeated. */
    private static void send(SimulatedCluster cluster, Map<String, Map<String, Instant>> sent, Random random) {
        var device = random.nextInt(20) == 0 ? "quiet" : DEVICES.get(random.nextInt(2));
        var known = sent.computeIfAbsent(device, _ -> new LinkedHashMap<>());
        if (!known.isEmpty() && random.nextInt(5) == 0) {
            var again = List.copyOf(known.keySet()).get(random.nextInt(known.size()));
            cluster.write(device, again, known.getOrDefault(again, cluster.now()));
            return;
        }
        var id = device + "-" + known.size();
        known.put(id, cluster.now());
        cluster.write(device, id, cluster.now());
    }
}
