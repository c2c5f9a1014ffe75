package dev.ncwrelay.delivery.messages.mailbox.peer;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.delivery.messages.mailbox.MailboxQuery;
import dev.ncwrelay.delivery.messages.mailbox.MailboxRouter;
import dev.ncwrelay.delivery.messages.mailbox.MailboxSettings;
import dev.ncwrelay.delivery.messages.mailbox.MailboxStreams;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex;
import dev.ncwrelay.delivery.messages.mailbox.StoredEvent;
import dev.ncwrelay.delivery.messages.mailbox.StoredPage;
import dev.ncwrelay.delivery.messages.mailbox.TransactionBacklog;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.connection.KafkaConnection;
import dev.ncwrelay.kafka.topic.TopicRequirement;
import dev.ncwrelay.schemas.Topics;
import dev.ncwrelay.schemas.serde.Decoded;
import dev.ncwrelay.schemas.serde.RecordCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** This node's share of the mailboxes, and its way to the others'. Knows nothing until started. */
public final class MailboxNode implements Backlog, TransactionBacklog, MessageIndex, AutoCloseable {

    private static final Duration READY_TIMEOUT = Duration.ofMinutes(1);

    private static final String STARTING = "this node is still starting";

    private final KafkaConnection kafka;
    private final RecordCodec codec;
    private final MailboxSettings settings;
    private final PeerClient client;
    private final PeerServer server;
    private final HostInfo self;
    private final Function<String, Optional<RegisteredDevice>> registry;
    private volatile long startedAt;
    private volatile @Nullable MailboxStreams streams;
    private volatile @Nullable MailboxRouter mailboxes;

    /**
     * Creates it, and listens for the other nodes.
     *
     * @param registry who has which device now
     * @throws IllegalArgumentException naming the setting when the secret is missing, or when a further property of
     *     Kafka's clients is one that the mailboxes depend on
     * @throws IllegalStateException when the port for the other nodes cannot be had
     */
    public MailboxNode(
            KafkaConnection kafka,
            RecordCodec codec,
            MailboxSettings settings,
            PeerSettings peers,
            JsonMapper json,
            Function<String, Optional<RegisteredDevice>> registry) {
        MailboxStreams.requireOwn(kafka.properties());
        this.kafka = kafka;
        this.codec = codec;
        this.settings = settings;
        var secret = peers.load();
        this.client = new PeerClient(secret, json);
        try {
            this.server = new PeerServer(peers, secret, json, this::readLocal);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "relay.delivery.peer: cannot listen on " + peers.address() + ":" + peers.port(), e);
        }
        this.registry = registry;
        this.self = new HostInfo(peers.host(), server.port());
    }

    /** What Kafka must keep of the mailboxes of this life of the events' topic, once it is there. */
    public static TopicRequirement changelog(KafkaConnection kafka, int generation) {
        return MailboxStreams.changelog(kafka, generation);
    }

    /** Begins to keep mailboxes of this life of the events' topic. */
    public void start(int generation) {
        startedAt = System.nanoTime();
        var started = new MailboxStreams(kafka, codec, settings, generation, self, this::decode, registry);
        streams = started;
        mailboxes = new MailboxRouter(started, client::send, this::decode);
    }

    /** Forgets the mailboxes, and what this node has stored of them: they are of a topic that is no more. */
    public void stop() {
        var running = streams;
        streams = null;
        mailboxes = null;
        if (running != null) {
            running.close();
            running.deleteState();
        }
    }

    /**
     * What keeps this node from answering for backlogs, for people; empty once its share of the mailboxes has been here.
     * Where that takes very long the other nodes answer, so after a minute it keeps nobody waiting.
     */
    public Optional<String> notReadyReason() {
        var running = streams;
        if (running != null && !running.isAlive()) {
            return Optional.of("the threads that keep mailboxes have ended");
        }
        boolean isLate = running != null && System.nanoTime() - startedAt > READY_TIMEOUT.toNanos();
        return running != null && (running.hasRun() || isLate)
                ? Optional.empty()
                : Optional.of("mailboxes are still on their way here");
    }

    /** Offset up to which this node's copy of a partition has come; empty when it has none. */
    public OptionalLong progress(int partition) {
        var running = streams;
        return running == null ? OptionalLong.empty() : running.progress(partition);
    }

    @Override
    public Read read(String deviceId, From from, long needed) {
        var running = mailboxes;
        return running == null ? new Read.Unavailable(STARTING) : running.read(deviceId, from, needed);
    }

    @Override
    public Transactions transactions(String deviceId, long since, long needed) {
        var running = mailboxes;
        return running == null ? new Transactions.Unavailable(STARTING) : running.transactions(deviceId, since, needed);
    }

    @Override
    public Offsets offsetsOf(String deviceId, Set<String> eventIds, long needed) {
        var running = mailboxes;
        return running == null ? new Offsets.Unavailable(STARTING) : running.offsetsOf(deviceId, eventIds, needed);
    }

    @Override
    public MetadataPage metadata(String deviceId, long after, long needed) {
        var running = mailboxes;
        return running == null ? new MetadataPage.Unavailable(STARTING) : running.metadata(deviceId, after, needed);
    }

    @Override
    public void close() {
        var running = streams;
        if (running != null) {
            running.close();
        }
        server.close();
    }

    private Optional<Event> decode(String deviceId, StoredEvent stored) {
        return codec.decode(Topics.DEVICE_EVENTS, stored.bytes()) instanceof Decoded.Value<DeviceEvent>(var event)
                ? Optional.of(Event.of(event, deviceId, stored.offset()))
                : Optional.empty();
    }

    private Optional<StoredPage> readLocal(MailboxQuery query) {
        var running = streams;
        return running == null ? Optional.empty() : running.read(query);
    }
}
