package dev.ncwrelay.delivery.messages.mailbox.peer;

import dev.ncwrelay.avro.DeviceEvent;
import dev.ncwrelay.delivery.messages.feed.Event;
import dev.ncwrelay.delivery.messages.feed.StartPosition;
import dev.ncwrelay.delivery.messages.mailbox.Backlog;
import dev.ncwrelay.delivery.messages.mailbox.MailboxQuery;
import dev.ncwrelay.delivery.messages.mailbox.MailboxRouter;
import dev.ncwrelay.delivery.messages.mailbox.MailboxSettings;
import dev.ncwrelay.delivery.messages.mailbox.MailboxStreams;
import dev.ncwrelay.delivery.messages.mailbox.MailboxStreamsConfig;
import dev.ncwrelay.delivery.messages.mailbox.MessageIndex;
import dev.ncwrelay.delivery.messages.mailbox.StoredEvent;
import dev.ncwrelay.delivery.messages.mailbox.StoredPage;
import dev.ncwrelay.delivery.messages.mailbox.TransactionBacklog;
import dev.ncwrelay.devices.RegisteredDevice;
import dev.ncwrelay.kafka.access.KafkaNeeds;
import dev.ncwrelay.kafka.connection.KafkaConnection;
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

/** This node's mailboxes, and its access to those of other nodes. Every read is unavailable until {@link #start}. */
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
     * Creates it, and listens for queries of other nodes.
     *
     * @param registry returns the current registration of a device
     * @throws IllegalArgumentException naming the setting when the secret is missing, or when an additional Kafka
     *     client property is one that mailboxes depend on
     * @throws IllegalStateException when this node cannot listen on the peer port
     */
    public MailboxNode(
            KafkaConnection kafka,
            RecordCodec codec,
            MailboxSettings settings,
            PeerSettings peers,
            JsonMapper json,
            Function<String, Optional<RegisteredDevice>> registry) {
        MailboxStreamsConfig.requireOwn(kafka.streams());
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

    /** The changelog topic and the group of the mailboxes of this generation. */
    public static KafkaNeeds.InternalTopics needs(KafkaConnection kafka, int generation) {
        return MailboxStreams.needs(kafka, generation);
    }

    /** Starts the mailboxes of this generation of the events topic. */
    public void start(int generation) {
        startedAt = System.nanoTime();
        var started = new MailboxStreams(kafka, codec, settings, generation, self, this::decode, registry);
        streams = started;
        mailboxes = new MailboxRouter(started, client::send, this::decode);
    }

    /** Stops the mailboxes and deletes what this node has stored of them, because their topic was deleted. */
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
     * Why this node cannot serve backlogs yet, human-readable; empty once its mailboxes have been running. After a
     * minute it no longer blocks readiness, because other nodes answer meanwhile.
     */
    public Optional<String> notReadyReason() {
        var running = streams;
        var stopped = running == null ? Optional.<String>empty() : running.stoppedReason();
        if (stopped.isPresent()) {
            return stopped;
        }
        boolean isLate = running != null && System.nanoTime() - startedAt > READY_TIMEOUT.toNanos();
        return running != null && (running.hasRun() || isLate)
                ? Optional.empty()
                : Optional.of("mailboxes are still being restored");
    }

    /** Offset up to which this node's copy of a partition has been processed; empty when it has none. */
    public OptionalLong progress(int partition) {
        var running = streams;
        return running == null ? OptionalLong.empty() : running.progress(partition);
    }

    @Override
    public Read read(String deviceId, StartPosition from, long minOffset) {
        var running = mailboxes;
        return running == null ? new Read.Unavailable(STARTING) : running.read(deviceId, from, minOffset);
    }

    @Override
    public Transactions transactions(String deviceId, long since, long minOffset) {
        var running = mailboxes;
        return running == null
                ? new Transactions.Unavailable(STARTING)
                : running.transactions(deviceId, since, minOffset);
    }

    @Override
    public Offsets offsetsOf(String deviceId, Set<String> eventIds, long minOffset) {
        var running = mailboxes;
        return running == null ? new Offsets.Unavailable(STARTING) : running.offsetsOf(deviceId, eventIds, minOffset);
    }

    @Override
    public MetadataPage metadata(String deviceId, long after, long minOffset) {
        var running = mailboxes;
        return running == null ? new MetadataPage.Unavailable(STARTING) : running.metadata(deviceId, after, minOffset);
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
